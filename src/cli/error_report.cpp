#include "cli/error_report.hpp"

#include <iostream>

#include "base/text.hpp"

namespace musclemap::cli {

nlohmann::ordered_json error_json(const Error& error) {
  return {{"error",
           {{"code", code_name(error.code())},
            {"reason", reason_name(error.reason())},
            {"file", error.file().native()},
            {"message", error.what()}}}};
}

std::string one_line(const nlohmann::ordered_json& object) {
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void report_error(const Error& error, bool json) {
  if (json) {
    std::cout << one_line(error_json(error)) << '\n';
    return;
  }
  std::cerr << "error: ";
  if (!error.file().empty()) std::cerr << base::printable(error.file().native()) << ": ";
  std::cerr << error.what() << " [" << reason_name(error.reason()) << "]\n";
}

}  // namespace musclemap::cli
