#include "metrics/tissue_edits.hpp"

#include <cmath>
#include <map>

#include "base/text.hpp"
#include "io/files/json_fields.hpp"
#include "io/files/json_file.hpp"
#include "musclemap/error.hpp"

namespace musclemap {
namespace metrics {
namespace {

// The group's name in lower case; side words at the end are those of names that carry their side.
std::string group_of(std::int32_t value, const Label* label) {
  std::string name = label == nullptr ? "" : base::ascii_lower(label->anatomy);
  const std::size_t first = name.find_first_not_of(' ');
  if (first == std::string::npos) return "label " + std::to_string(value);
  name = name.substr(first, name.find_last_not_of(' ') - first + 1);
  for (const std::string side : {" left", " right"}) {
    if (!label->side.empty() || name.size() <= side.size()) continue;
    if (name.compare(name.size() - side.size(), side.size(), side) == 0)
      name.resize(name.size() - side.size());
  }
  return name;
}

[[noreturn]] void throw_unknown(const std::string& group,
                                const std::map<std::string, std::vector<TissueFit*>>& groups) {
  std::string known;
  for (const auto& [name, fits] : groups) known += (known.empty() ? "" : ", ") + name;
  throw Error(ErrorCode::argument, "the edits name the group '" + base::printable(group, 80) +
                                       "', the label map holds " + base::printable(known, 2000));
}

TissueEdit parse_edit(const io::JsonField& field, const std::filesystem::path& folder) {
  TissueEdit edit;
  if (!field.value().is_object()) field.refuse("an object is needed");
  for (const auto& [key, value] : field.value().items()) {
    const io::JsonField member = field.at(key);
    if (key == "muscle_max_shift" || key == "fat_min_shift") {
      const double shift = member.number();
      if (!std::isfinite(shift)) member.refuse("a finite number is needed");
      (key == "fat_min_shift" ? edit.fat_min_shift : edit.muscle_max_shift) = shift;
    } else if (key == "erase") {
      edit.erase = folder / member.text(4096);
    } else {
      member.refuse("muscle_max_shift, fat_min_shift and erase are known");
    }
  }
  return edit;
}

}  // namespace

std::vector<Erasure> apply_edits(const TissueEdits& edits, const std::vector<Label>& names,
                                 const TissueOptions& options, std::vector<TissueFit>* fits) {
  std::map<std::int32_t, const Label*> label_of;
  for (const Label& label : names) label_of[label.value] = &label;
  std::map<std::string, std::vector<TissueFit*>> groups;
  for (TissueFit& fit : *fits) {
    const auto found = label_of.find(fit.label);
    groups[group_of(fit.label, found == label_of.end() ? nullptr : found->second)].push_back(&fit);
  }
  std::vector<Erasure> erasures;
  for (const auto& [name, edit] : edits) {
    const auto group = groups.find(base::ascii_lower(name));
    if (group == groups.end()) throw_unknown(name, groups);
    const bool shifts = edit.muscle_max_shift != 0 || edit.fat_min_shift != 0;
    if (shifts && options.method == TissueMethod::hu) {
      throw Error(ErrorCode::argument,
                  "the windows of hu are the same for every label and cannot be shifted");
    }
    Erasure erasure{edit.erase, {}};
    for (TissueFit* fit : group->second) {
      fit->muscle_max += edit.muscle_max_shift;
      fit->fat_min += edit.fat_min_shift;
      erasure.labels.push_back(fit->label);
    }
    if (!edit.erase.empty()) erasures.push_back(std::move(erasure));
  }
  return erasures;
}

}  // namespace metrics

TissueEdits read_tissue_edits(const std::filesystem::path& file) {
  try {
    const nlohmann::json json = io::read_json_file(file);
    const io::JsonField groups = io::JsonField(json, "the description").at("groups");
    if (!groups.value().is_object()) groups.refuse("an object is needed");
    TissueEdits edits;
    for (const auto& entry : groups.value().items()) {
      edits[entry.key()] = metrics::parse_edit(groups.at(entry.key()), file.parent_path());
    }
    return edits;
  } catch (const Error& error) {
    throw error.about(file);
  }
}

}  // namespace musclemap
