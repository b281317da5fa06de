// A bundle, made of files, around the network of docs/chains/musclemap.md, section 10.5.
#ifndef MUSCLEMAP_TESTS_SUPPORT_FIXED_BUNDLE_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_FIXED_BUNDLE_HPP_

#include "musclemap/model_bundle.hpp"

namespace musclemap::test {

/// One residual unit, window 256, labels 1101, 5121, 6160, 7101, 8162 (docs/chains/musclemap.md,
/// section 10.6).
ModelBundle fixed_bundle();

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_FIXED_BUNDLE_HPP_
