// The one place of the library's version; the build reads the three numbers from here.
#ifndef MUSCLEMAP_VERSION_HPP_
#define MUSCLEMAP_VERSION_HPP_

/// Raised with changes that break programs; 0 promises nothing yet.
#define MUSCLEMAP_VERSION_MAJOR 0
/// Raised with new features, and before 1.0 with changes that break programs.
#define MUSCLEMAP_VERSION_MINOR 1
/// Raised with repairs.
#define MUSCLEMAP_VERSION_PATCH 0

namespace musclemap {

/// "major.minor.patch" of this header.
inline constexpr const char* kVersion = "0.1.0";

}  // namespace musclemap

#endif  // MUSCLEMAP_VERSION_HPP_
