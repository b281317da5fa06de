// Symbol visibility of the public classes and functions.
#ifndef MUSCLEMAP_EXPORT_HPP_
#define MUSCLEMAP_EXPORT_HPP_

/// Marks what programs may use.
#if defined(__GNUC__)
#define MUSCLEMAP_API __attribute__((visibility("default")))
#else
#define MUSCLEMAP_API
#endif

#endif  // MUSCLEMAP_EXPORT_HPP_
