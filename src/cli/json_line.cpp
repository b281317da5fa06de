#include "cli/json_line.hpp"

namespace musclemap::cli {

std::string json_line(const nlohmann::ordered_json& object) {
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

nlohmann::ordered_json error_object(const Error& error) {
  return {{"error",
           {{"code", code_name(error.code())},
            {"reason", reason_name(error.reason())},
            {"file", error.file().native()},
            {"message", error.what()}}}};
}

}  // namespace musclemap::cli
