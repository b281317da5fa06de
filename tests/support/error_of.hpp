// The error that a call ends with.
#ifndef MUSCLEMAP_TESTS_SUPPORT_ERROR_OF_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_ERROR_OF_HPP_

#include <string>

#include "musclemap/error.hpp"

namespace musclemap::test {

/// "code/reason: message" of the Error that `call` throws; "no error" if it throws none.
template <class Call>
std::string error_of(Call&& call) {
  try {
    call();
  } catch (const Error& error) {
    return std::string(code_name(error.code())) + "/" + reason_name(error.reason()) + ": " + error.what();
  }
  return "no error";
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_ERROR_OF_HPP_
