#include "task/totalsegmentator/organ_codes.hpp"

#include <algorithm>

#include "io/files/csv_reader.hpp"
#include "task/totalsegmentator/embedded_tasks.hpp"

namespace musclemap::task {
namespace {

std::vector<OrganCode> parse_codes() {
  std::vector<OrganCode> codes;
  io::CsvReader reader(embedded_codes());
  io::CsvRecord record;
  reader.next(record);  // the heading
  while (reader.next(record)) {
    const std::vector<std::string>& f = record.fields;
    codes.push_back({f.at(0),
                     {f.at(1), f.at(2)},
                     {f.at(3), f.at(4)},
                     {f.at(5), f.at(6)},
                     {f.at(7), f.at(8)},
                     {f.at(9), f.at(10)},
                     f.at(11)});
  }
  return codes;
}

}  // namespace

const std::vector<OrganCode>& organ_codes() {
  static const std::vector<OrganCode> codes = parse_codes();
  return codes;
}

const OrganCode* organ_code(const std::string& name) {
  const std::vector<OrganCode>& codes = organ_codes();
  const auto found =
      std::find_if(codes.begin(), codes.end(), [&](const OrganCode& each) { return each.name == name; });
  return found == codes.end() ? nullptr : &*found;
}

}  // namespace musclemap::task
