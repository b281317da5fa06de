// An environment variable set for the length of a test.
#ifndef MUSCLEMAP_TESTS_SUPPORT_ENVIRONMENT_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_ENVIRONMENT_HPP_

#include <cstdlib>
#include <optional>
#include <string>

namespace musclemap::test {

class Environment {
 public:
  Environment(const std::string& name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name.c_str())) before_ = before;
    setenv(name.c_str(), value.c_str(), 1);
  }
  ~Environment() {
    if (before_) {
      setenv(name_.c_str(), before_->c_str(), 1);
    } else {
      unsetenv(name_.c_str());
    }
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  std::string name_;
  std::optional<std::string> before_;
};

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_ENVIRONMENT_HPP_
