// The one place of the library's version; the build reads the three numbers from here.
#ifndef MUSCLEMAP_VERSION_HPP_
#define MUSCLEMAP_VERSION_HPP_

#define MUSCLEMAP_VERSION_MAJOR 0
#define MUSCLEMAP_VERSION_MINOR 1
#define MUSCLEMAP_VERSION_PATCH 0

namespace musclemap {

/// "major.minor.patch" of this header.
inline constexpr const char* kVersion = "0.1.0";

}  // namespace musclemap

#endif  // MUSCLEMAP_VERSION_HPP_
