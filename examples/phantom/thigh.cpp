#include <algorithm>
#include <array>

#include "phantom/anatomy.hpp"
#include "phantom/nearest.hpp"
#include "phantom/random.hpp"

namespace phantom {
namespace {

// A muscle's cross-section relative to the leg: lateral (u) and anterior (v) of the leg's centre, in units of
// the radius of the muscle compartment. `du`, `dv` and `grow` change it from the middle towards the hip.
struct Shape {
  std::int16_t value;  // of the left side; the right side is one more
  double u, v, a, b, angle;
  double du, dv, grow;
};

constexpr std::array<Shape, 12> kMuscles{{
    {7101, 0.62, 0.24, 0.24, 0.50, 20, 0.00, 0.00, 0.10},      // vastus lateralis
    {7111, 0.20, 0.34, 0.34, 0.17, -25, 0.00, 0.00, 0.00},     // vastus intermedius
    {7121, -0.30, 0.46, 0.26, 0.30, -30, 0.06, 0.04, -0.60},   // vastus medialis
    {7131, 0.14, 0.74, 0.30, 0.17, 0, 0.02, 0.00, 0.50},       // rectus femoris
    {7141, -0.68, 0.48, 0.18, 0.10, -50, 0.50, 0.50, 0.00},    // sartorius
    {7151, -0.86, -0.10, 0.09, 0.18, 10, 0.00, 0.10, 0.25},    // gracilis
    {7161, -0.42, -0.60, 0.22, 0.18, 25, 0.10, 0.05, -0.60},   // semimembranosus
    {7171, -0.06, -0.80, 0.22, 0.14, 5, -0.04, 0.00, 0.30},    // semitendinosus
    {7181, 0.36, -0.64, 0.25, 0.19, -25, -0.10, -0.02, 0.20},  // biceps femoris long head
    {7191, 0.46, -0.26, 0.15, 0.13, -30, -0.04, 0.06, -0.70},  // biceps femoris short head
    {7201, -0.28, -0.22, 0.40, 0.24, 15, -0.02, 0.00, 0.50},   // adductor magnus
    {7211, -0.52, 0.10, 0.20, 0.15, -10, 0.00, 0.06, 0.80},    // adductor longus
}};
constexpr std::int16_t kFemur = 6171;
constexpr double kRadian = 0.017453292519943295;
constexpr double kHalfLength = 200;  // mm from the middle of the thigh to its ends

// The shape of one structure in one leg of one body.
struct Muscle {
  double u, v, a, b, cosine, sine, du, dv, grow, fat;
  std::int16_t label;
};

class Leg {
 public:
  Leg(std::uint64_t seed, bool right, double body_fat_mm)
      : seed_(scramble(seed + (right ? 101 : 202))), right_(right) {
    Random random(seed_);
    fat_mm_ = std::max(3.0, body_fat_mm + random.normal(0, 0.6));
    compartment_ = random.normal(1, 0.015);
    for (std::size_t m = 0; m < kMuscles.size(); ++m) {
      const Shape& shape = kMuscles[m];
      Muscle muscle{};
      muscle.u = shape.u + random.normal(0, 0.022);
      muscle.v = shape.v + random.normal(0, 0.022);
      const double size = random.normal(1, 0.07);
      muscle.a = shape.a * size * random.normal(1, 0.05);
      muscle.b = shape.b * size * random.normal(1, 0.05);
      const double angle = (shape.angle + random.normal(0, 6)) * kRadian;
      muscle.cosine = std::cos(angle);
      muscle.sine = std::sin(angle);
      muscle.du = shape.du;
      muscle.dv = shape.dv;
      muscle.grow = shape.grow;
      muscle.fat = 0;
      muscle.label = static_cast<std::int16_t>(shape.value + (right ? 1 : 0));
      muscles_[m] = muscle;
    }
    femur_u_ = random.normal(0.10, 0.02);
    femur_v_ = random.normal(0.06, 0.02);
    femur_radius_ = random.normal(14.0, 0.8);
    cortex_mm_ = random.uniform(4.0, 6.0);
    const double turn = random.normal(0, 6) * kRadian;
    turn_cosine_ = std::cos(turn);
    turn_sine_ = std::sin(turn);
    tilt_x_ = random.normal(0, 0.03);
    tilt_y_ = random.normal(0, 0.03);
  }

  void set_shape(double centre_mm, double radius_mm, double flat, double septum_mm, double pockets_mm) {
    centre_mm_ = centre_mm;
    radius_mm_ = radius_mm * compartment_;
    flat_ = flat;
    septum_mm_ = septum_mm;
    pockets_mm_ = pockets_mm;
  }

  void set_fat(Random& random, double mean) {
    for (Muscle& muscle : muscles_) {
      muscle.fat = std::min(0.6, std::max(0.005, mean * std::max(0.2, random.normal(1, 0.45))));
    }
  }

  /// False outside of this leg. `height`: -1 at the knee, 1 at the hip.
  bool sample(const Point& world, double height, Sample& result) const {
    const double sign = right_ ? 1 : -1;  // x grows to the right
    const double along = world.z;
    // Leg coordinates: u to the outer side, v to the front.
    double x = sign * world.x - centre_mm_ - tilt_x_ * along;
    double y = world.y - tilt_y_ * along;
    const double far = radius_mm_ * 1.25 + fat_mm_ * 2 + 12;
    if (x * x + y * y > far * far) return false;
    const Point p{turn_cosine_ * x + turn_sine_ * y, turn_cosine_ * y - turn_sine_ * x, along};

    const double taper = 1 + 0.14 * height;
    const double wobble = 2.2 * smooth_noise(seed_ ^ 1, p, {60, 60, 90});
    const Ellipse compartment{0, 0, radius_mm_ * taper, radius_mm_ * taper * flat_};
    const double to_compartment = compartment.distance(p.x, p.y) + wobble;
    // Thicker at the back and inside, as most people are.
    const double thickness = fat_mm_ * (1.15 + 0.35 * smooth_noise(seed_ ^ 2, p, {70, 70, 120}) -
                                        0.004 * (p.y + p.x) + 0.12 * height);
    if (to_compartment > thickness) return false;
    if (to_compartment > thickness - 1.6) {
      result.tissue = Tissue::skin;
      return true;
    }
    if (to_compartment > 0) {
      // Thin strands run through the fat below the skin.
      const double strand = smooth_noise(seed_ ^ 3, p, {11, 11, 40});
      result.tissue = std::fabs(strand) < 0.014 && to_compartment > 2 ? Tissue::fascia : Tissue::fat;
      return true;
    }
    if (to_compartment > -0.9) {
      result.tissue = Tissue::fascia;
      return true;
    }
    inside(p, height, taper, result);
    return true;
  }

 private:
  void inside(const Point& p, double height, double taper, Sample& result) const {
    const double unit = radius_mm_ * taper;
    const double femur_x = femur_u_ * unit - p.x;
    const double femur_y = femur_v_ * unit - p.y;
    const double bone =
        std::sqrt(femur_x * femur_x + femur_y * femur_y) + 0.8 * smooth_noise(seed_ ^ 4, p, {18, 18, 60});
    if (bone < femur_radius_) {
      result.tissue = bone < femur_radius_ - cortex_mm_ ? Tissue::marrow : Tissue::cortex;
      result.label = static_cast<std::int16_t>(kFemur + (right_ ? 1 : 0));
      return;
    }
    // Borders between muscles bend: the point is moved before it is compared with the plain shapes.
    const Point bent{p.x + 2.6 * smooth_noise(seed_ ^ 5, p, {26, 26, 55}),
                     p.y + 2.6 * smooth_noise(seed_ ^ 6, p, {26, 26, 55}), p.z};
    Nearest<Muscle> nearest(bone - femur_radius_);
    for (const Muscle& muscle : muscles_) {
      const double scale = std::sqrt(std::max(0.15, 1 + muscle.grow * height));
      const Ellipse ellipse{(muscle.u + muscle.du * height) * unit,
                            (muscle.v + muscle.dv * height) * unit,
                            muscle.a * unit * scale,
                            muscle.b * unit * scale,
                            muscle.cosine,
                            muscle.sine};
      nearest.offer(ellipse.distance(bent.x, bent.y), muscle);
    }
    const double septum = septum_mm_ * (1 + 0.7 * smooth_noise(seed_ ^ 7, p, {20, 20, 45}));
    if (nearest.best > pockets_mm_ || nearest.second - nearest.best < septum) {
      // The large vessels run in the fat between sartorius and the adductors.
      const double vx = p.x - (-0.40 + 0.12 * height) * unit;
      const double vy = p.y - (0.22 + 0.22 * height) * unit;
      result.tissue = vx * vx + vy * vy < 16 ? Tissue::vessel : Tissue::fat;
      return;
    }
    const double streak =
        std::fabs(smooth_noise(seed_ ^ 8, p, {6, 6, 35}) + 0.5 * smooth_noise(seed_ ^ 12, p, {3, 3, 20}));
    const double patch = 0.6 + 0.7 * smooth_noise(seed_ ^ 9, p, {22, 22, 45});
    const double here =
        nearest.structure->fat * std::max(0.0, patch) * (0.5 + 2.4 * smooth_step(0.35, 0.0, streak));
    result.tissue = Tissue::muscle;
    result.label = nearest.structure->label;
    result.fat = static_cast<float>(std::min(0.95, here));
  }

  std::uint64_t seed_;
  bool right_;
  std::array<Muscle, kMuscles.size()> muscles_{};
  double fat_mm_ = 10, compartment_ = 1, centre_mm_ = 90, radius_mm_ = 65, flat_ = 1;
  double septum_mm_ = 1.5, pockets_mm_ = 5;
  double femur_u_, femur_v_, femur_radius_, cortex_mm_, turn_cosine_, turn_sine_, tilt_x_, tilt_y_;
};

class Thigh : public Anatomy {
 public:
  explicit Thigh(std::uint64_t seed)
      : random_(seed, 1),
        fat_mm_(random_.uniform(4, 22)),
        left_(seed, false, fat_mm_),
        right_(seed, true, fat_mm_) {
    const double radius = random_.uniform(54, 70);
    const double gap = random_.uniform(0.5, 10);
    const double flat = random_.uniform(0.98, 1.12);
    const double septum = random_.uniform(0.7, 2.4);
    const double pockets = random_.uniform(3.0, 7.0);
    level_ = random_.uniform(-0.35, 0.35);
    const double skin = radius * 1.1 + fat_mm_ * 1.4;
    const double centre = radius + fat_mm_ * 0.9 + gap;
    left_.set_shape(centre, radius, flat, septum, pockets);
    right_.set_shape(centre, radius, flat, septum, pockets);
    const double fat = random_.uniform(0.02, 0.22);
    left_.set_fat(random_, fat);
    right_.set_fat(random_, fat);
    half_width_ = centre + skin + 8;
    half_depth_ = skin * flat + 8;
  }

  Sample at(const Point& p) const override {
    Sample result;
    const double height = std::max(-1.0, std::min(1.0, level_ + p.z / kHalfLength));
    // Where the legs touch, the side of the middle decides.
    const Leg& leg = p.x < 0 ? left_ : right_;
    leg.sample(p, height, result);
    return result;
  }
  double width_mm() const override { return 2 * half_width_; }
  double depth_mm() const override { return 2 * half_depth_; }

 private:
  Random random_;
  double fat_mm_;
  Leg left_;
  Leg right_;
  double level_ = 0, half_width_ = 0, half_depth_ = 0;
};

}  // namespace

std::unique_ptr<Anatomy> make_thigh(std::uint64_t seed) { return std::make_unique<Thigh>(seed); }

}  // namespace phantom
