// How the programs tell of a failed input.
#ifndef MUSCLEMAP_CLI_ERROR_REPORT_HPP_
#define MUSCLEMAP_CLI_ERROR_REPORT_HPP_

#include <nlohmann/json.hpp>
#include <string>

#include "musclemap/error.hpp"

namespace musclemap::cli {

/// {"error": {"code", "reason", "file", "message"}}
nlohmann::ordered_json error_json(const Error& error);

/// One line on standard error, or with `json` one object on standard output.
void report_error(const Error& error, bool json);

/// The object on one line; bytes that are not UTF-8 are replaced.
std::string one_line(const nlohmann::ordered_json& object);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_ERROR_REPORT_HPP_
