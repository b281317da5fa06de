// The folder of reference data, which is not part of the repository.
#ifndef MUSCLEMAP_TESTS_SUPPORT_SHARED_DATA_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_SHARED_DATA_HPP_

#include <filesystem>

namespace musclemap::test {

/// The reference data folder, or an empty path, with one message on the test log, where it is absent.
std::filesystem::path shared_data();

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_SHARED_DATA_HPP_
