// The test framework, whichever major version the distribution ships.
#ifndef MUSCLEMAP_TESTS_SUPPORT_CATCH_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_CATCH_HPP_

#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#else
#include <catch2/catch.hpp>
#endif

#endif  // MUSCLEMAP_TESTS_SUPPORT_CATCH_HPP_
