// Short names of several letters, "-rs" for "--roi_subset", which CLI11 would take for "-r s".
#ifndef MUSCLEMAP_CLI_SHORT_NAMES_HPP_
#define MUSCLEMAP_CLI_SHORT_NAMES_HPP_

#include <map>
#include <string>
#include <vector>

namespace musclemap::cli {

/// The short names of one command.
class ShortNames {
 public:
  /// "-rs,--roi_subset" to "--roi_subset", of which "-rs" is known from now on; names of one letter stay.
  std::string known(const std::string& names);

  /// The arguments with each short name (also of "-rs=liver") in place of which its long one stands.
  std::vector<std::string> replaced(const std::vector<std::string>& arguments) const;

  /// Those of a long name, "-rs"; empty where there is none.
  std::string of(const std::string& long_name) const;

 private:
  std::map<std::string, std::string> long_names_;  // by short name
};

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_SHORT_NAMES_HPP_
