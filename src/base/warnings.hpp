// Telling remarks to who listens.
#ifndef MUSCLEMAP_BASE_WARNINGS_HPP_
#define MUSCLEMAP_BASE_WARNINGS_HPP_

#include <string>
#include <vector>

#include "musclemap/run.hpp"

namespace musclemap::base {

/// Tells control.on_warning, if there is one.
void warn(const RunControl& control, WarningCode code, const std::string& text);
void warn(const RunControl& control, const std::vector<Warning>& warnings);

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_WARNINGS_HPP_
