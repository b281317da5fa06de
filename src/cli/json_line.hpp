// Objects of --json.
#ifndef MUSCLEMAP_CLI_JSON_LINE_HPP_
#define MUSCLEMAP_CLI_JSON_LINE_HPP_

#include <nlohmann/json.hpp>
#include <string>

#include "musclemap/error.hpp"

namespace musclemap::cli {

/// One line without its end. Names may hold any bytes, JSON may not: bytes that are no UTF-8 are replaced.
std::string json_line(const nlohmann::ordered_json& object);

/// {"error": {"code", "reason", "file", "message"}}
nlohmann::ordered_json error_object(const Error& error);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_JSON_LINE_HPP_
