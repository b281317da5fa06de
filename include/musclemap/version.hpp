// The one place of the library's version, whose three numbers the build reads from here; and the visibility
// of what is public.
#ifndef MUSCLEMAP_VERSION_HPP_
#define MUSCLEMAP_VERSION_HPP_

/// Marks what programs may use.
#if defined(__GNUC__)
#define MUSCLEMAP_API __attribute__((visibility("default")))
#else
#define MUSCLEMAP_API
#endif

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
