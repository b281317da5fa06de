#include "draw/tissue_groups.hpp"

#include <algorithm>

namespace musclemap::draw {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

int rank_of(const TissueMember& member) {
  if (member.side == "right") return 0;
  return member.side == "left" ? 1 : 2;
}

// Classes of each label, in one pass over the map.
std::map<std::int32_t, ClassCounts> count_classes(const Views& views) {
  std::map<std::int32_t, ClassCounts> counts;
  std::int32_t last = 0;
  ClassCounts* current = nullptr;
  const Index3 shape = views.shape();
  views.each_row([&](const Row& row) {
    for (std::int64_t x = 0; x < shape[0]; ++x) {
      const std::int32_t label = row.labels[x];
      if (label == 0) continue;
      if (label != last) {
        current = &counts[label];
        last = label;
      }
      ++(*current)[class_of(row.tissue == nullptr ? std::uint8_t{0} : row.tissue[x])];
    }
  });
  return counts;
}

// A group is found by its anatomy in lower case, a label without one by its number.
struct Place {
  std::string key;
  std::string name;
  std::string side;
};

Place place_of_label(std::int32_t value, const std::map<std::int32_t, const Label*>& names) {
  const auto named = names.find(value);
  if (named == names.end() || named->second->anatomy.empty()) {
    const std::string name = "Label " + std::to_string(value);
    return {name, name, ""};
  }
  const Label& label = *named->second;
  Place place{label.anatomy, label.anatomy, label.side};
  std::transform(place.key.begin(), place.key.end(), place.key.begin(), lower);
  place.name.front() = upper(place.name.front());
  if (place.side != "right" && place.side != "left") place.side.clear();
  return place;
}

void finish(TissueGroup& group, const Views& views) {
  std::stable_sort(group.members.begin(), group.members.end(),
                   [](const TissueMember& a, const TissueMember& b) { return rank_of(a) < rank_of(b); });
  std::vector<std::int64_t> area(static_cast<std::size_t>(views.shape()[2]));
  for (TissueMember& member : group.members) {
    const std::vector<std::int64_t>& sections = views.structures().at(member.label).per_slice;
    member.largest_section = *std::max_element(sections.begin(), sections.end());
    group.voxels += member.voxels;
    for (std::size_t z = 0; z < area.size(); ++z) area[z] += sections[z];
  }
  group.slice = std::max_element(area.begin(), area.end()) - area.begin();
}

}  // namespace

bool TissueGroup::has(std::int32_t label) const {
  return std::any_of(members.begin(), members.end(),
                     [label](const TissueMember& member) { return member.label == label; });
}

std::vector<TissueGroup> tissue_groups(const Views& views, const std::vector<Label>& names,
                                       const std::vector<TissueFit>& fits) {
  std::map<std::int32_t, const Label*> name_of;
  for (const Label& label : names) name_of.emplace(label.value, &label);
  std::map<std::int32_t, const TissueFit*> fit_of;
  for (const TissueFit& fit : fits) fit_of.emplace(fit.label, &fit);
  const std::map<std::int32_t, ClassCounts> counts = count_classes(views);

  std::vector<TissueGroup> groups;
  std::map<std::string, std::size_t> index;
  for (const auto& [value, structure] : views.structures()) {
    const Place place = place_of_label(value, name_of);
    const auto [at, fresh] = index.emplace(place.key, groups.size());
    if (fresh) groups.push_back({place.name, {}, 0, 0});
    TissueMember member;
    member.label = value;
    member.side = place.side;
    member.voxels = structure.voxels;
    member.classes = counts.at(value);
    const auto fit = fit_of.find(value);
    if (fit != fit_of.end()) member.fit = fit->second;
    groups[at->second].members.push_back(member);
  }
  for (TissueGroup& group : groups) finish(group, views);
  return groups;
}

}  // namespace musclemap::draw
