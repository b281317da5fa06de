#include "io/nd2/nd2_picture.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

#include "base/checked.hpp"
#include "base/text.hpp"
#include "io/nd2/lite_variant.hpp"
#include "io/nd2/nd2_bytes.hpp"

namespace musclemap::io {
namespace {

constexpr std::uint64_t kMostMetadata = std::uint64_t{64} << 20;
constexpr std::size_t kTimeStamp = 8;  // in front of a frame
constexpr int kMostLoops = 16;

// Numbers of SLxExperiment's eType.
constexpr int kTimeLoop = 1;
constexpr int kPositionLoop = 2;
constexpr int kDepthLoop = 4;
constexpr int kSpectrumLoop = 6;
constexpr int kTimesLoop = 8;  // several stretches of time, each with a period of its own
constexpr int kManualTimeLoop = 9;
constexpr int kExactDepthLoop = 10;

struct Loop {
  int type = 0;
  std::int64_t count = 0;
  double step_um = 0;  // of a loop over depth
};

std::int64_t whole(double value, double least, double most, const std::string& field) {
  if (!(value >= least && value <= most) || value != std::floor(value)) {
    refuse_nd2(Reason::corrupt, field + " is " + base::number_text(value) + "; " + base::number_text(least) +
                                    " to " + base::number_text(most) + " is allowed");
  }
  return static_cast<std::int64_t>(value);
}

std::int64_t field_of(const LiteNode& node, const char* field, double least, double most) {
  const LiteNode* found = node.find(field);
  if (found == nullptr) refuse_nd2(Reason::corrupt, std::string("the metadata lack ") + field);
  return whole(found->number, least, most, field);
}

constexpr double kMostLength = 1 << 30;

// The sum of the stretches that were not switched off.
std::int64_t count_of_stretches(const LiteNode& parameters) {
  const LiteNode* stretches = parameters.find("pPeriod");
  const LiteNode* valid = parameters.find("pPeriodValid");
  if (stretches == nullptr) refuse_nd2(Reason::corrupt, "the metadata lack pPeriod");
  std::int64_t count = 0;
  for (std::size_t n = 0; n < stretches->children.size(); ++n) {
    if (valid != nullptr && n < valid->text.size() && valid->text[n] == 0) continue;
    count += field_of(stretches->children[n], "uiCount", 0, kMostLength);
  }
  return count;
}

std::int64_t count_of_positions(const LiteNode& experiment, const LiteNode& parameters) {
  std::int64_t count = field_of(parameters, "uiCount", 0, kMostLength);
  const LiteNode* valid = experiment.find("pItemValid");
  if (valid != nullptr && static_cast<std::int64_t>(valid->text.size()) == count)
    count -= std::count(valid->text.begin(), valid->text.end(), '\0');
  return count;
}

double step_of(const LiteNode& parameters, std::int64_t count) {
  const double step = std::fabs(parameters.number_of("dZStep", 0));
  if (step > 0 || count < 2) return step;
  return std::fabs(parameters.number_of("dZHigh", 0) - parameters.number_of("dZLow", 0)) /
         static_cast<double>(count - 1);
}

Loop loop_of(const LiteNode& experiment) {
  Loop loop;
  loop.type = static_cast<int>(field_of(experiment, "eType", 0, 255));
  const LiteNode* parameters = experiment.find("uLoopPars");
  if (parameters == nullptr) refuse_nd2(Reason::corrupt, "the metadata lack uLoopPars");
  switch (loop.type) {
    case kTimeLoop:
    case kManualTimeLoop:
      loop.count = field_of(*parameters, "uiCount", 0, kMostLength);
      break;
    case kTimesLoop:
      loop.count = count_of_stretches(*parameters);
      break;
    case kDepthLoop:
    case kExactDepthLoop:
      loop.count = field_of(*parameters, "uiCount", 0, kMostLength);
      loop.step_um = step_of(*parameters, loop.count);
      break;
    case kPositionLoop:
      loop.count = count_of_positions(experiment, *parameters);
      if (loop.count > 1) {
        refuse_nd2(Reason::unsupported, "the file has " + std::to_string(loop.count) +
                                            " positions of the stage; files of one are read");
      }
      break;
    case kSpectrumLoop:
      loop.count = 1;  // its planes are the channels of a frame
      break;
    default:
      refuse_nd2(Reason::unsupported, "the file has a loop of type " + std::to_string(loop.type) +
                                          "; loops over time, depth and one position are read");
  }
  return loop;
}

// From the outermost to the innermost.
std::vector<Loop> loops_of(const LiteNode* experiment) {
  std::vector<Loop> loops;
  while (experiment != nullptr) {
    if (loops.size() == kMostLoops) refuse_nd2(Reason::limit, "the file has more than 16 loops");
    loops.push_back(loop_of(*experiment));
    const LiteNode* next = experiment->find("ppNextLevelEx");
    if (next == nullptr || next->children.empty()) break;
    if (next->children.size() > 1)
      refuse_nd2(Reason::unsupported,
                 "the file has several loops side by side; loops in each other are read");
    experiment = next->children.data();
  }
  return loops;
}

}  // namespace

std::size_t nd2_type_bytes(Nd2Type type) {
  if (type == Nd2Type::u8) return 1;
  return type == Nd2Type::u16 ? 2 : 4;
}

Nd2Picture::Nd2Picture(const std::filesystem::path& file) : file_(file) {
  try {
    read_attributes();
    read_loops();
    read_names();
  } catch (const Error& error) {
    throw error.about(file);
  }
}

void Nd2Picture::read_attributes() {
  const LiteNode root = parse_lite_variant(file_.read("ImageAttributesLV!", kMostMetadata));
  const LiteNode* attributes = root.find("SLxImageAttributes");
  if (attributes == nullptr) refuse_nd2(Reason::corrupt, "the metadata lack SLxImageAttributes");
  facts_.shape[4] = field_of(*attributes, "uiWidth", 1, kMostLength);
  facts_.shape[3] = field_of(*attributes, "uiHeight", 1, kMostLength);
  facts_.shape[1] = field_of(*attributes, "uiComp", 1, 4096);
  frames_ = field_of(*attributes, "uiSequenceCount", 1, kMostLength);
  const std::int64_t bits = field_of(*attributes, "uiBpcInMemory", 1, 64);
  const std::int64_t kind = whole(attributes->number_of("ePixelType", 1), 0, 255, "ePixelType");
  constexpr std::int64_t kUnsigned = 1;
  constexpr std::int64_t kReal = 2;
  if (bits == 8 && kind == kUnsigned) {
    facts_.type = Nd2Type::u8;
  } else if (bits == 16 && kind == kUnsigned) {
    facts_.type = Nd2Type::u16;
  } else if (bits == 32 && (kind == kUnsigned || kind == kReal)) {
    facts_.type = kind == kReal ? Nd2Type::f32 : Nd2Type::u32;
  } else {
    refuse_nd2(Reason::unsupported,
               "pixels have " + std::to_string(bits) + " bits and pixel type " + std::to_string(kind) +
                   "; whole numbers (1) of 8, 16 and 32 bits and reals (2) of 32 bits are read");
  }
  value_bytes_ = nd2_type_bytes(facts_.type);
  const std::int64_t packed_row = facts_.shape[4] * facts_.shape[1] * static_cast<std::int64_t>(value_bytes_);
  row_bytes_ = whole(attributes->number_of("uiWidthBytes", static_cast<double>(packed_row)),
                     static_cast<double>(packed_row), 1e12, "uiWidthBytes");
  constexpr std::int64_t kLossless = 0;
  constexpr std::int64_t kNone = 2;
  const std::int64_t packing = whole(attributes->number_of("eCompression", kNone), 0, 255, "eCompression");
  if (packing != kLossless && packing != kNone) {
    refuse_nd2(Reason::unsupported, "frames are compressed with loss (eCompression " +
                                        std::to_string(packing) +
                                        "); frames without compression and zlib's are read");
  }
  packed_ = packing == kLossless;
  // Nobody takes memory for frames that cannot be there.
  constexpr std::uint64_t kMostInflated = 1032;  // bytes that deflate makes of one
  const std::int64_t frame = base::checked_mul(row_bytes_, facts_.shape[3]);
  const auto all = static_cast<std::uint64_t>(base::checked_mul(frame, frames_));
  if (all / (packed_ ? kMostInflated : 1) > file_.size()) {
    refuse_nd2(Reason::truncated, std::to_string(frames_) + " frames have " + std::to_string(all) +
                                      " bytes; the file has " + std::to_string(file_.size()));
  }
}

void Nd2Picture::read_loops() {
  std::vector<Loop> loops;
  if (file_.has("ImageMetadataLV!")) {
    const LiteNode root = parse_lite_variant(file_.read("ImageMetadataLV!", kMostMetadata));
    loops = loops_of(root.find("SLxExperiment"));
  }
  std::int64_t step = 1;
  for (auto loop = loops.rbegin(); loop != loops.rend(); ++loop) {
    const bool depth = loop->type == kDepthLoop || loop->type == kExactDepthLoop;
    if (loop->count < 1) refuse_nd2(Reason::corrupt, "a loop of the file has no step");
    if (loop->type == kPositionLoop || loop->type == kSpectrumLoop) continue;
    std::int64_t& own_step = depth ? depth_step_ : time_step_;
    if (own_step != 0) {
      refuse_nd2(Reason::unsupported,
                 std::string("the file has two loops over ") + (depth ? "depth" : "time") + "; one is read");
    }
    own_step = step;
    facts_.shape[depth ? 2 : 0] = loop->count;
    if (depth) facts_.pixel_size_um[2] = loop->step_um;
    facts_.axes.insert(0, depth ? "Z" : "T");
    step = base::checked_mul(step, loop->count);
  }
  if (step != frames_) {
    refuse_nd2(Reason::corrupt, "has " + std::to_string(frames_) +
                                    " frames; its loops over time and depth are " + std::to_string(step));
  }
  facts_.axes += facts_.shape[1] > 1 ? "CYX" : "YX";
}

void Nd2Picture::read_names() {
  if (!file_.has("ImageMetadataSeqLV|0!")) return;
  const LiteNode root = parse_lite_variant(file_.read("ImageMetadataSeqLV|0!", kMostMetadata));
  const LiteNode* picture = root.find("SLxPictureMetadata");
  if (picture == nullptr) return;
  const double size = picture->number_of("dCalibration", 0);
  if (picture->number_of("bCalibrated", 0) > 0 && std::isfinite(size) && size > 0) {
    const double aspect = picture->number_of("dAspect", 1);
    facts_.pixel_size_um[0] = size;
    facts_.pixel_size_um[1] = aspect > 0 && std::isfinite(aspect) ? size * aspect : size;
  }
  const LiteNode* planes = picture->at("sPicturePlanes/sPlaneNew");
  if (planes == nullptr) planes = picture->at("sPicturePlanes/sPlane");
  if (planes == nullptr) return;
  std::vector<std::string> names;
  for (const LiteNode& plane : planes->children) {
    const double samples = plane.number_of("uiCompCount", 1);
    if (samples > 1) {
      refuse_nd2(Reason::unsupported,
                 "a channel has " + base::number_text(samples) + " colours; channels of one are read");
    }
    const LiteNode* name = plane.find("sDescription");
    names.push_back(name == nullptr ? std::string() : name->text);
  }
  if (static_cast<std::int64_t>(names.size()) == facts_.shape[1]) facts_.channel_names = std::move(names);
}

void Nd2Picture::load_frame(std::int64_t frame) {
  if (loaded_ == frame) return;
  loaded_ = -1;
  const auto size = static_cast<std::uint64_t>(base::checked_mul(row_bytes_, facts_.shape[3]));
  std::string bytes = file_.read("ImageDataSeq|" + std::to_string(frame) + "!",
                                 base::checked_add(2 * size, std::uint64_t{1} << 20));
  if (bytes.size() < kTimeStamp)
    refuse_nd2(Reason::truncated, "frame " + std::to_string(frame) + " is empty");
  if (packed_) {
    frame_ = inflate_exactly(std::string_view(bytes).substr(kTimeStamp), static_cast<std::size_t>(size));
  } else {
    if (bytes.size() - kTimeStamp < size) {
      refuse_nd2(Reason::truncated, "frame " + std::to_string(frame) + " has " +
                                        std::to_string(bytes.size() - kTimeStamp) + " bytes; " +
                                        std::to_string(size) + " are needed");
    }
    frame_ = bytes.substr(kTimeStamp, static_cast<std::size_t>(size));
  }
  loaded_ = frame;
}

void Nd2Picture::read_plane(std::int64_t t, std::int64_t c, std::int64_t z, void* to) {
  base::check_number(t, 0, facts_.shape[0] - 1, "time");
  base::check_number(c, 0, facts_.shape[1] - 1, "channel");
  base::check_number(z, 0, facts_.shape[2] - 1, "section");
  try {
    load_frame(t * time_step_ + z * depth_step_);
  } catch (const Error& error) {
    throw error.about(file_.path());
  }
  const auto channels = static_cast<std::size_t>(facts_.shape[1]);
  auto* value = static_cast<char*>(to);
  for (std::int64_t y = 0; y < facts_.shape[3]; ++y) {
    const char* from = frame_.data() + y * row_bytes_ + static_cast<std::size_t>(c) * value_bytes_;
    for (std::int64_t x = 0; x < facts_.shape[4]; ++x) {
      std::memcpy(value, from, value_bytes_);
      value += value_bytes_;
      from += channels * value_bytes_;
    }
  }
}

}  // namespace musclemap::io
