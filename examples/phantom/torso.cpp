#include <algorithm>
#include <array>
#include <cmath>

#include "phantom/anatomy.hpp"
#include "phantom/random.hpp"

namespace phantom {
namespace {

// Values of the structures, in the order of the sample model's classes.
constexpr std::int16_t kSpleen = 1;
constexpr std::int16_t kKidneyRight = 2;
constexpr std::int16_t kKidneyLeft = 3;
constexpr std::int16_t kLiver = 4;
constexpr std::int16_t kLungLeft = 5;
constexpr std::int16_t kLungRight = 6;
constexpr std::int16_t kHeart = 7;
constexpr std::int16_t kAorta = 8;
constexpr std::int16_t kSpine = 9;
constexpr std::int16_t kRibs = 10;
constexpr std::int16_t kSternum = 11;
constexpr std::int16_t kAutochthonLeft = 12;
constexpr std::int16_t kAutochthonRight = 13;

constexpr double kTop = 205;  // of what is scanned; the bottom lies as far below

double square(double x) { return x * x; }

// All places below are mm of an average body: x to the right, y to the front, z to the head.
struct Ellipsoid {
  Point centre;
  Point half;
  double lean = 0;  // of x along z

  // Below 1 inside.
  double radius2(const Point& p) const {
    const double dz = p.z - centre.z;
    return square((p.x - centre.x - lean * dz) / half.x) + square((p.y - centre.y) / half.y) +
           square(dz / half.z);
  }
  bool holds(const Point& p) const { return radius2(p) < 1; }
};

// From the heart over the arch down to the fork.
constexpr std::array<Point, 9> kAortaPath{{{6, 20, 70},
                                           {10, 18, 105},
                                           {2, 4, 124},
                                           {-10, -12, 122},
                                           {-17, -24, 100},
                                           {-16, -28, 40},
                                           {-10, -20, -30},
                                           {-4, -6, -90},
                                           {-2, -4, -150}}};

double distance2_to_segment(const Point& p, const Point& a, const Point& b) {
  const Point ab{b.x - a.x, b.y - a.y, b.z - a.z};
  const Point ap{p.x - a.x, p.y - a.y, p.z - a.z};
  const double along = (ap.x * ab.x + ap.y * ab.y + ap.z * ab.z) / (ab.x * ab.x + ab.y * ab.y + ab.z * ab.z);
  const double t = std::clamp(along, 0.0, 1.0);
  return square(ap.x - t * ab.x) + square(ap.y - t * ab.y) + square(ap.z - t * ab.z);
}

class Torso : public Anatomy {
 public:
  explicit Torso(std::uint64_t seed) : seed_(scramble(seed + 606)) {
    Random random(seed_);
    size_ = random.uniform(0.9, 1.1);
    fat_mm_ = random.uniform(7, 24);
    half_width_ = random.uniform(138, 156);
    front_ = random.uniform(92, 112);
    wall_mm_ = random.uniform(9, 14);
    rib_phase_ = random.uniform(0, kRibStep);
    dome_right_ = random.normal(8, 7);
    dome_left_ = random.normal(-4, 7);
    aorta_radius_ = random.uniform(10, 13.5);
    lordosis_ = random.uniform(8, 18);
    const auto organ = [&](const Point& centre, const Point& half, double lean) {
      return Ellipsoid{
          {random.normal(centre.x, 4), random.normal(centre.y, 4), random.normal(centre.z, 6)},
          {half.x * random.normal(1, 0.06), half.y * random.normal(1, 0.06), half.z * random.normal(1, 0.06)},
          lean * random.normal(1, 0.2)};
    };
    liver_ = organ({64, 8, -32}, {82, 78, 68}, 0.1);
    left_lobe_ = organ({2, 40, -14}, {66, 36, 30}, 0);
    spleen_ = organ({-94, -34, -28}, {27, 40, 48}, -0.15);
    stomach_ = organ({-58, 26, -42}, {36, 38, 46}, 0.4);
    kidneys_ = {organ({60, -46, -96}, {27, 27, 54}, -0.2), organ({-60, -46, -82}, {27, 27, 55}, 0.2)};
    heart_ = organ({-22, 28, 44}, {52, 42, 50}, 0.35);
  }

  Sample at(const Point& world) const override {
    const Point p{world.x / size_, world.y / size_, world.z / size_};
    // Wider at chest and hips than at the waist; flatter behind than in front.
    const double waist = 1 - 0.07 * smooth_step(110, 0, std::fabs(p.z + 90));
    const Ellipse body{0, 0, half_width_ * waist, p.y > 0 ? front_ : kBack};
    const double fat = fat_mm_ * (1.1 - 0.003 * p.y);
    const double outline = body.distance(p.x, p.y);
    Sample result;
    if (outline > 1.3 * fat_mm_ + 5) return result;
    const double depth = outline + 2.5 * smooth_noise(seed_ ^ 1, p, {80, 80, 120});
    if (depth > fat) return result;
    if (depth > fat - 2) {
      result.tissue = Tissue::skin;
    } else if (depth > 0) {
      result.tissue = Tissue::fat;
    } else {
      const Point bent{p.x + 5 * smooth_noise(seed_ ^ 2, p, {55, 55, 60}),
                       p.y + 5 * smooth_noise(seed_ ^ 3, p, {55, 55, 60}),
                       p.z + 5 * smooth_noise(seed_ ^ 4, p, {55, 55, 60})};
      inside(p, bent, depth, result);
    }
    return result;
  }

  double width_mm() const override { return 2 * (size_ * (half_width_ + fat_mm_ * 1.4) + 12); }
  double depth_mm() const override { return 2 * (size_ * (std::max(front_, kBack) + fat_mm_ * 1.5) + 12); }
  double height_mm() const override { return 2 * kTop * size_; }

 private:
  static constexpr double kBack = 100;
  static constexpr double kRibStep = 27;
  static constexpr double kRibThickness = 8.5;

  static void set(Sample& result, Tissue tissue, std::int16_t label) {
    result.tissue = tissue;
    result.label = label;
  }

  // Curved forwards below, backwards above.
  double spine_y(double z) const { return -47 + lordosis_ * std::sin((-z - 20) / 65); }

  void inside(const Point& p, const Point& bent, double depth, Sample& result) const {
    if (spine(p, result) || back_muscle(p, bent, result)) return;
    // The chest's wall reaches to the lowest rib, the belly's has muscle alone.
    const double level = p.z + 0.42 * p.y;  // ribs fall towards the front
    const bool chest = level > -105;
    const double inner = -depth - wall_mm_ * (chest ? 0.75 : 1.0);
    if (inner < 0) {
      set(result, std::fmod(-depth, 5.0) < 0.7 ? Tissue::fat : Tissue::muscle, 0);
      return;
    }
    if (chest && inner < kRibThickness) {
      chest_wall(p, level, inner, result);
      return;
    }
    const double room = chest ? inner - kRibThickness : inner;
    if (aorta(bent, result)) return;
    const double dome = dome_at(p);
    if (bent.z > dome) {
      thorax(p, bent, result);
    } else if (room < 2 || bent.z > dome - 3) {
      result.tissue = Tissue::fat;
    } else {
      abdomen(p, bent, result);
    }
  }

  bool spine(const Point& p, Sample& result) const {
    const double y = spine_y(p.z);
    const double level = std::fmod(p.z + 3600, 30.0);
    const bool disc = level < 6;
    const Ellipse column{0, y, 22, 17};
    const double to_column = column.distance(p.x, p.y);
    const Ellipse canal{0, y - 25, 9, 8};
    if (to_column > 0 && canal.radius(p.x, p.y) < 1) {
      result.tissue = Tissue::disc;  // the cord
      return true;
    }
    double nearest = to_column;
    if (to_column > 0) {
      const Ellipse ring{0, y - 25, 15, 13};
      nearest = std::min(nearest, ring.distance(p.x, p.y));
      if (level > 8 && level < 24) {
        const Ellipse process{0, y - 42, 4, 14};
        const Ellipse wing{p.x < 0 ? -26.0 : 26.0, y - 22, 18, 5};
        nearest = std::min({nearest, process.distance(p.x, p.y), wing.distance(p.x, p.y)});
      }
    }
    if (nearest > 0) return false;
    if (to_column < 0 && disc) {
      set(result, Tissue::disc, kSpine);
    } else {
      set(result, nearest < -2 ? Tissue::marrow : Tissue::cortex, kSpine);
    }
    return true;
  }

  bool back_muscle(const Point& p, const Point& bent, Sample& result) const {
    const double side = p.x < 0 ? -1 : 1;
    const Ellipse muscle{side * 36, std::max(spine_y(p.z) - 33, -kBack + 24), 28, 19};
    if (muscle.radius(bent.x, bent.y) > 1) return false;
    set(result, Tissue::muscle, p.x < 0 ? kAutochthonLeft : kAutochthonRight);
    result.fat = 0.08F;
    return true;
  }

  // Ribs behind and at the sides, cartilage in front, the breastbone in the middle.
  void chest_wall(const Point& p, double level, double inner, Sample& result) const {
    result.tissue = Tissue::muscle;
    if (p.z > 175) return;
    if (p.y > 0 && std::fabs(p.x) < 19 && p.z > 25 && p.z < 150) {
      set(result, inner < 1.6 || inner > kRibThickness - 1.6 ? Tissue::cortex : Tissue::marrow, kSternum);
      return;
    }
    const double across = std::fabs(std::fmod(level + rib_phase_ + 2700, kRibStep) - kRibStep / 2);
    if (across > 6.5) return;
    if (p.y > 0 && std::fabs(p.x) < 62) {
      result.tissue = Tissue::disc;
      return;
    }
    const double rim = std::min({6.5 - across, inner, kRibThickness - inner});
    set(result, rim < 1.5 ? Tissue::cortex : Tissue::marrow, kRibs);
  }

  bool aorta(const Point& p, Sample& result) const {
    if (p.x < -40 || p.x > 34 || p.z > 145) return false;
    double nearest = 1e9;
    for (std::size_t n = 1; n < kAortaPath.size(); ++n) {
      nearest = std::min(nearest, distance2_to_segment(p, kAortaPath[n - 1], kAortaPath[n]));
    }
    if (nearest > square(aorta_radius_)) return false;
    set(result, Tissue::vessel, kAorta);
    return true;
  }

  // Height of the diaphragm.
  double dome_at(const Point& p) const {
    const double right = dome_right_ + 34 * (1 - square((p.x - 68) / 75) - square((p.y - 5) / 85));
    const double left = dome_left_ + 34 * (1 - square((p.x + 68) / 75) - square((p.y - 5) / 85));
    return std::max({right, left, -70.0});
  }

  void thorax(const Point& p, const Point& bent, Sample& result) const {
    if (heart_.holds(bent)) {
      set(result, Tissue::heart, kHeart);
      return;
    }
    const Ellipse windpipe{1, -14, 8, 8};
    if (p.z > 100 && windpipe.radius(p.x, p.y) < 1) {
      result.tissue = Tissue::gas;
      return;
    }
    const double middle = 20 + 8 * smooth_step(60, 130, p.z) + (p.y > 20 ? -8 : 0);
    const double top = 1 - smooth_step(95, 190, p.z) * 0.75;
    const Ellipse apex{0, -8, (half_width_ - 20) * top, (front_ - 12) * top};
    if (std::fabs(bent.x) < middle || apex.radius(p.x, p.y) > 1 || p.z > 178) {
      result.tissue = Tissue::fat;
      return;
    }
    const double vessels = smooth_noise(seed_ ^ 5, p, {15, 15, 18});
    const bool vessel = std::fabs(vessels) < 0.045 && std::fabs(bent.x) < 105;
    set(result, vessel ? Tissue::vessel : Tissue::lung, p.x < 0 ? kLungLeft : kLungRight);
  }

  void abdomen(const Point& p, const Point& bent, Sample& result) const {
    for (std::size_t side = 0; side < 2; ++side) {
      const Ellipsoid& kidney = kidneys_[side];
      if (!kidney.holds(bent)) continue;
      const double inward = side == 0 ? -14 : 14;
      const Ellipsoid sinus{
          {kidney.centre.x + inward, kidney.centre.y, kidney.centre.z}, {13, 9, 20}, kidney.lean};
      if (sinus.holds(bent)) {
        result.tissue = Tissue::fat;
      } else {
        set(result, Tissue::kidney, side == 0 ? kKidneyRight : kKidneyLeft);
      }
      return;
    }
    if (spleen_.holds(bent)) {
      set(result, Tissue::spleen, kSpleen);
    } else if (stomach_.holds(bent) && !left_lobe_.holds(bent)) {
      const bool gas = bent.y > stomach_.centre.y + 18 && stomach_.radius2(bent) < 0.75;
      result.tissue = gas ? Tissue::gas : Tissue::bowel;
    } else if (liver_.holds(bent) || left_lobe_.holds(bent)) {
      set(result, Tissue::liver, kLiver);
    } else {
      rest(p, bent, result);
    }
  }

  // Psoas, bowel and fat.
  void rest(const Point& p, const Point& bent, Sample& result) const {
    const Ellipse psoas{(p.x < 0 ? -1.0 : 1.0) * (34 - 0.08 * (p.z + 100)), spine_y(p.z) + 4, 14, 18};
    if (p.z < -60 && psoas.radius(bent.x, bent.y) < smooth_step(-60, -110, p.z)) {
      result.tissue = Tissue::muscle;
      return;
    }
    const double loop = smooth_noise(seed_ ^ 6, p, {34, 34, 40});
    const bool bowel = loop > 0.1 && p.y > spine_y(p.z) + 22;
    result.tissue = !bowel ? Tissue::fat : (loop > 0.5 ? Tissue::gas : Tissue::bowel);
  }

  std::uint64_t seed_;
  double size_ = 1, fat_mm_ = 15, half_width_ = 146, front_ = 100, wall_mm_ = 12, rib_phase_ = 0;
  double dome_right_ = 8, dome_left_ = -4, aorta_radius_ = 12, lordosis_ = 12;
  Ellipsoid liver_{}, left_lobe_{}, spleen_{}, stomach_{}, heart_{};
  std::array<Ellipsoid, 2> kidneys_{};  // right, left
};

}  // namespace

std::unique_ptr<Anatomy> make_torso(std::uint64_t seed) { return std::make_unique<Torso>(seed); }

}  // namespace phantom
