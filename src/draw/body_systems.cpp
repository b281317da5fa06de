#include "draw/body_systems.hpp"

#include <algorithm>
#include <string_view>

namespace musclemap::draw {
namespace {

using System = BodySystem;

// Part of a name, and what it tells. The first that fits decides.
struct Word {
  std::string_view text;
  System system;
  Colour colour;
};

constexpr Colour kByPlace{0, 0, 0};  // from the system's palette

constexpr Colour kArtery{206, 54, 48};
constexpr Colour kVein{72, 112, 200};
constexpr Colour kHeart{178, 58, 64};
constexpr Colour kTooth{240, 236, 216};

constexpr Word kWords[] = {
    // What holds a word of another system.
    {"aneurysm", System::vessels, {236, 200, 60}},
    {"venous_sinus", System::head, kVein},
    {"canal", System::head, kByPlace},
    {"nasal", System::head, kByPlace},
    {"hard_palate", System::head, kByPlace},
    {"hippocamp", System::head, kByPlace},
    {"constrictor", System::muscles, kByPlace},
    {"ventricular", System::vessels, kHeart},
    {"oblique", System::muscles, kByPlace},
    {"fat", System::tissue, {226, 190, 96}},
    {"spinal_cord", System::head, {236, 206, 92}},
    {"kidney_cyst", System::organs, {110, 170, 190}},
    {"lesion", System::organs, {238, 214, 70}},
    {"tumor", System::organs, {238, 214, 70}},
    {"nodule", System::organs, {238, 214, 70}},
    {"airway", System::organs, {150, 200, 214}},
    {"bronch", System::organs, {150, 200, 214}},
    {"trachea", System::organs, {150, 200, 214}},
    // Muscles.
    {"skeletal_muscle", System::muscles, {176, 72, 62}},
    {"muscle", System::muscles, kByPlace},
    {"gluteus_max", System::muscles, {188, 74, 62}},
    {"gluteus_med", System::muscles, {214, 112, 84}},
    {"gluteus_min", System::muscles, {152, 58, 62}},
    {"gluteus", System::muscles, kByPlace},
    {"autochthon", System::muscles, {166, 70, 84}},
    {"iliopsoas", System::muscles, {220, 128, 112}},
    {"psoas", System::muscles, {220, 128, 112}},
    {"masseter", System::muscles, kByPlace},
    {"temporalis", System::muscles, kByPlace},
    {"pterygoid", System::muscles, kByPlace},
    {"tongue", System::muscles, kByPlace},
    {"digastric", System::muscles, kByPlace},
    {"mastoid", System::muscles, kByPlace},
    {"trapezius", System::muscles, kByPlace},
    {"platysma", System::muscles, kByPlace},
    {"levator", System::muscles, kByPlace},
    {"scalen", System::muscles, kByPlace},
    {"thyroid_gland", System::organs, {200, 92, 108}},
    {"sterno_thyroid", System::muscles, kByPlace},
    {"thyrohyoid", System::muscles, kByPlace},
    {"prevertebral", System::muscles, kByPlace},
    {"quadriceps", System::muscles, kByPlace},
    {"compartment", System::muscles, kByPlace},
    {"sartorius", System::muscles, kByPlace},
    {"deltoid", System::muscles, kByPlace},
    {"spinatus", System::muscles, kByPlace},
    {"scapularis", System::muscles, kByPlace},
    {"coracobrachial", System::muscles, kByPlace},
    {"pectoralis", System::muscles, kByPlace},
    {"serratus", System::muscles, kByPlace},
    {"teres", System::muscles, kByPlace},
    {"triceps", System::muscles, kByPlace},
    {"biceps", System::muscles, kByPlace},
    {"abdominis", System::muscles, kByPlace},
    {"latissimus", System::muscles, kByPlace},
    {"erector", System::muscles, kByPlace},
    {"spinalis", System::muscles, kByPlace},
    {"quadratus", System::muscles, kByPlace},
    {"multifidus", System::muscles, kByPlace},
    {"femoris", System::muscles, kByPlace},
    {"vastus", System::muscles, kByPlace},
    {"adductor", System::muscles, kByPlace},
    {"gracilis", System::muscles, kByPlace},
    {"semi", System::muscles, kByPlace},
    // Heart and vessels.
    {"aort", System::vessels, {224, 62, 52}},
    {"heart_myocardium", System::vessels, kHeart},
    {"atri", System::vessels, {204, 104, 120}},
    {"heart_ventricle", System::vessels, {160, 60, 92}},
    {"heart", System::vessels, kHeart},
    {"portal", System::vessels, {120, 96, 196}},
    {"pulmonary_vein", System::vessels, {226, 120, 104}},
    {"arter", System::vessels, kArtery},
    {"vein", System::vessels, kVein},
    {"vena", System::vessels, kVein},
    {"jugular", System::vessels, kVein},
    {"brachiocephalic_trunk", System::vessels, {230, 112, 66}},
    {"celiac_trunk", System::vessels, {230, 112, 66}},
    {"vessel", System::vessels, kArtery},
    {"cusp", System::vessels, kByPlace},
    {"annulus", System::vessels, kByPlace},
    {"sinotubular", System::vessels, kByPlace},
    {"pul_", System::vessels, kByPlace},
    // Head and nerves.
    {"brain", System::head, {226, 172, 166}},
    {"cerebell", System::head, kByPlace},
    {"hemorrhage", System::head, kArtery},
    {"frontal_lobe", System::head, kByPlace},
    {"parietal_lobe", System::head, kByPlace},
    {"occipital_lobe", System::head, kByPlace},
    {"temporal_lobe", System::head, kByPlace},
    {"nucleus", System::head, kByPlace},
    {"thalamus", System::head, kByPlace},
    {"insular", System::head, kByPlace},
    {"internal_capsule", System::head, kByPlace},
    {"sulcus", System::head, kByPlace},
    {"septum", System::head, kByPlace},
    {"subarachnoid", System::head, kByPlace},
    {"ventricle", System::head, {96, 160, 206}},
    {"eye", System::head, {228, 232, 236}},
    {"optic", System::head, {236, 206, 92}},
    {"parotid", System::head, kByPlace},
    {"submandibular", System::head, kByPlace},
    {"pharyn", System::head, kByPlace},
    {"palate", System::head, kByPlace},
    {"larynx", System::head, kByPlace},
    {"sinus", System::head, kByPlace},
    {"face", System::head, {222, 178, 152}},
    {"head", System::head, {222, 178, 152}},
    // Bones and joints.
    {"disc", System::bones, {150, 186, 196}},
    {"vertebra", System::bones, {236, 218, 176}},
    {"spine", System::bones, {236, 218, 176}},
    {"sacrum", System::bones, {214, 176, 122}},
    {"sternum", System::bones, {206, 160, 112}},
    {"costal", System::bones, {160, 190, 178}},
    {"rib", System::bones, {228, 204, 160}},
    {"humerus", System::bones, {222, 196, 150}},
    {"scapula", System::bones, {196, 160, 124}},
    {"clavic", System::bones, {240, 226, 196}},
    {"femur", System::bones, {240, 226, 196}},
    {"hip_implant", System::bones, {150, 160, 176}},
    {"hip", System::bones, {222, 190, 138}},
    {"pelvis", System::bones, {222, 190, 138}},
    {"skull", System::bones, {232, 222, 200}},
    {"patella", System::bones, kByPlace},
    {"tibia", System::bones, kByPlace},
    {"fibula", System::bones, kByPlace},
    {"tarsal", System::bones, kByPlace},
    {"carpal", System::bones, kByPlace},
    {"phalang", System::bones, kByPlace},
    {"ulna", System::bones, kByPlace},
    {"radius", System::bones, kByPlace},
    {"mandible", System::bones, {226, 196, 150}},
    {"jawbone", System::bones, {226, 196, 150}},
    {"pulp", System::bones, {220, 120, 120}},
    {"incisor", System::bones, kTooth},
    {"canine", System::bones, kTooth},
    {"molar", System::bones, kTooth},
    {"teeth", System::bones, kTooth},
    {"crown", System::bones, {214, 190, 96}},
    {"bridge", System::bones, {190, 196, 206}},
    {"implant", System::bones, {150, 160, 176}},
    {"cartilage", System::bones, {160, 190, 178}},
    {"hyoid", System::bones, kByPlace},
    {"cricoid", System::bones, kByPlace},
    {"zygomatic", System::bones, kByPlace},
    {"styloid", System::bones, kByPlace},
    {"bone", System::bones, kByPlace},
    // Organs.
    {"liver_segment", System::organs, kByPlace},
    {"liver", System::organs, {158, 78, 58}},
    {"spleen", System::organs, {140, 82, 160}},
    {"kidney", System::organs, {208, 92, 108}},
    {"gallbladder", System::organs, {104, 160, 78}},
    {"stomach", System::organs, {222, 160, 128}},
    {"pancreas", System::organs, {234, 200, 122}},
    {"adrenal", System::organs, {104, 190, 172}},
    {"lung_upper", System::organs, {226, 162, 168}},
    {"lung_middle", System::organs, {196, 128, 148}},
    {"lung_lower", System::organs, {178, 136, 176}},
    {"lung", System::organs, {222, 158, 166}},
    {"esophagus", System::organs, {200, 144, 112}},
    {"small_bowel", System::organs, {242, 202, 168}},
    {"duodenum", System::organs, {226, 170, 70}},
    {"colon", System::organs, {178, 136, 92}},
    {"bladder", System::organs, {228, 208, 112}},
    {"prostate", System::organs, {176, 124, 156}},
    {"effusion", System::organs, {96, 160, 206}},
    // What encloses the others.
    {"skin", System::tissue, {222, 178, 152}},
    {"breast", System::tissue, {228, 184, 160}},
    {"cavity", System::tissue, kByPlace},
    {"mediastinum", System::tissue, kByPlace},
    {"pericardium", System::tissue, kByPlace},
    {"body", System::tissue, {214, 174, 150}},
};

constexpr std::array<std::array<Colour, 6>, kBodySystems> kPalettes{{
    {{{236, 218, 176}, {214, 182, 130}, {226, 204, 196}, {196, 168, 140}, {240, 230, 204}, {206, 190, 150}}},
    {{{188, 74, 62}, {222, 128, 104}, {152, 58, 72}, {206, 96, 92}, {232, 156, 136}, {168, 86, 66}}},
    {{{170, 96, 72}, {214, 156, 116}, {150, 110, 150}, {224, 190, 120}, {120, 160, 130}, {204, 130, 140}}},
    {{{206, 54, 48}, {72, 112, 200}, {226, 120, 104}, {120, 96, 196}, {236, 170, 80}, {96, 170, 200}}},
    {{{226, 172, 166}, {120, 170, 190}, {232, 206, 120}, {180, 140, 190}, {150, 190, 140}, {220, 140, 110}}},
    {{{226, 190, 96}, {222, 178, 152}, {140, 170, 200}, {190, 150, 180}, {160, 190, 150}, {210, 150, 120}}},
}};

const Word* word_in(const std::string& name) {
  const auto* found = std::find_if(std::begin(kWords), std::end(kWords), [&](const Word& word) {
    return name.find(word.text) != std::string::npos;
  });
  return found == std::end(kWords) ? nullptr : found;
}

// As the words are written: lower case, with underscores.
std::string written(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == ' ') c = '_';
  }
  return text;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "4", "L5" and "fdi36" number the structures of a group.
bool is_number(const std::string& word) {
  if (word.rfind("fdi", 0) == 0) return all_digits(std::string_view(word).substr(3));
  const bool level = word.size() > 1 && std::string_view("CTLS").find(word[0]) != std::string_view::npos;
  return all_digits(std::string_view(word).substr(level ? 1 : 0));
}

struct Name {
  std::string common;
  int number = 0;  // 0 for none
};

Name name_parts(const std::string& anatomy) {
  Name name;
  std::string word;
  const auto take = [&] {
    if (is_number(word)) {
      const std::size_t digits = word.find_first_of("0123456789");
      name.number = static_cast<int>(word.back() - '0') + (word.size() > digits + 1 ? 10 : 0);
    } else if (!word.empty() && word != "left" && word != "right") {
      name.common += (name.common.empty() ? "" : " ") + word;
    }
    word.clear();
  };
  for (const char c : anatomy) {
    if (c == '_' || c == ' ') {
      take();
    } else {
      word += c;
    }
  }
  take();
  if (name.common.empty()) name.common = anatomy;
  return name;
}

}  // namespace

const char* name_of(BodySystem system) {
  static constexpr std::array<const char*, kBodySystems> kNames{
      "Bones", "Muscles", "Organs", "Heart and vessels", "Head and nerves", "Tissue and cavities"};
  return kNames[static_cast<std::size_t>(system)];
}

BodySystem system_of(const Label& label) {
  if (const Word* word = word_in(written(label.anatomy))) return word->system;
  const std::string kind = label_kind(label);
  if (kind == "bone") return BodySystem::bones;
  if (kind == "muscle") return BodySystem::muscles;
  if (kind == "fat") return BodySystem::tissue;
  return BodySystem::organs;
}

std::vector<OrganGroup> organ_groups(const std::vector<Label>& labels) {
  std::vector<OrganGroup> groups;
  std::array<std::size_t, kBodySystems> taken{};
  for (const Label& label : labels) {
    if (label.anatomy.empty()) {
      groups.push_back({display_name(label), system_of(label), {{label.value, label_colour(label.value)}}});
      continue;
    }
    const Name name = name_parts(label.anatomy);
    const BodySystem system = system_of(label);
    auto group = std::find_if(groups.begin(), groups.end(), [&](const OrganGroup& other) {
      return other.name == name.common && other.system == system;
    });
    const Word* word = word_in(written(label.anatomy));
    Colour colour = word == nullptr ? kByPlace : word->colour;
    if (group == groups.end()) {
      group = groups.insert(groups.end(), {name.common, system, {}});
      if (colour == kByPlace) {
        std::size_t& next = taken[static_cast<std::size_t>(system)];
        const auto& palette = kPalettes[static_cast<std::size_t>(system)];
        colour = palette[next++ % palette.size()];
      }
    } else if (colour == kByPlace) {
      colour = group->labels.front().colour;
    }
    if (word != nullptr && word->colour == kByPlace && name.number > 0 && !group->labels.empty()) {
      // Segments without a colour of their own are told apart by the palette.
      const auto& palette = kPalettes[static_cast<std::size_t>(system)];
      colour = palette[static_cast<std::size_t>(name.number - 1) % palette.size()];
    } else if (name.number % 2 == 0 && name.number > 0) {
      colour = mix({0, 0, 0}, colour, 0.8);
    }
    group->labels.push_back({label.value, colour});
  }
  return groups;
}

}  // namespace musclemap::draw
