#include <algorithm>
#include <array>
#include <vector>

#include "phantom/anatomy.hpp"
#include "phantom/nearest.hpp"
#include "phantom/random.hpp"

namespace phantom {
namespace {

constexpr double kRadian = 0.017453292519943295;

// A muscle beside the spine: distance from the midline and place behind the body's centre, in mm of an
// average body.
struct Shape {
  std::int16_t value;  // of the left side; the right side is one more
  double x, y, a, b, angle;
  double dx, dy, grow;  // towards the head, over 200 mm
};

constexpr std::array<Shape, 4> kMuscles{{
    {5101, 17, -73, 12, 15, -10, -3, 0, -0.4},    // thoracolumbar multifidus
    {5111, 46, -72, 26, 17, 10, -4, 0, 0.2},      // erector spinae
    {5121, 40, -24, 17, 21, -20, -14, -4, -0.7},  // psoas major
    {5131, 76, -44, 12, 20, -30, -10, -4, -0.3},  // quadratus lumborum
}};

struct Muscle {
  double x, y, a, b, cosine, sine, dx, dy, grow, fat;
  bool right;
  std::int16_t label;
};

class Trunk : public Anatomy {
 public:
  explicit Trunk(std::uint64_t seed) : seed_(scramble(seed + 303)) {
    Random random(seed_);
    size_ = random.uniform(0.88, 1.12);
    fat_mm_ = random.uniform(8, 28);
    half_width_ = size_ * random.uniform(132, 158);
    front_ = size_ * random.uniform(84, 112);
    back_ = size_ * 98;
    wall_mm_ = random.uniform(11, 19);
    septum_mm_ = random.uniform(1.0, 2.6);
    const double fat = random.uniform(0.03, 0.28);
    for (const Shape& shape : kMuscles) {
      for (const bool right : {false, true}) {
        Muscle muscle{};
        const double size = size_ * random.normal(1, 0.07);
        muscle.x = (shape.x + random.normal(0, 1.6)) * size_;
        muscle.y = (shape.y + random.normal(0, 1.6)) * size_;
        muscle.a = shape.a * size * random.normal(1, 0.06);
        muscle.b = shape.b * size * random.normal(1, 0.06);
        const double angle = (shape.angle + random.normal(0, 5)) * kRadian;
        muscle.cosine = std::cos(angle);
        muscle.sine = std::sin(angle);
        muscle.dx = shape.dx;
        muscle.dy = shape.dy;
        muscle.grow = shape.grow;
        muscle.fat = std::min(0.6, std::max(0.005, fat * std::max(0.2, random.normal(1, 0.4))));
        muscle.right = right;
        muscle.label = static_cast<std::int16_t>(shape.value + (right ? 1 : 0));
        muscles_.push_back(muscle);
      }
    }
    lean_x_ = random.normal(0, 0.03);
    lordosis_mm_ = random.uniform(0, 10);
    disc_phase_mm_ = random.uniform(0, 36);
  }

  Sample at(const Point& world) const override {
    Sample result;
    const double t = world.z / 200;
    const Point p{world.x - lean_x_ * world.z, world.y + lordosis_mm_ * (0.5 - t * t), world.z};
    // Flatter behind than in front.
    const Ellipse body{0, 0, half_width_, p.y > 0 ? front_ : back_};
    const double to_muscle = body.distance(p.x, p.y) + 2.5 * smooth_noise(seed_ ^ 1, p, {80, 80, 120});
    const double thickness = fat_mm_ * (1.1 - 0.006 * p.y + 0.3 * smooth_noise(seed_ ^ 2, p, {90, 90, 120}));
    if (to_muscle > thickness) return result;
    if (to_muscle > thickness - 1.8) {
      result.tissue = Tissue::skin;
    } else if (to_muscle > 0) {
      const double strand = smooth_noise(seed_ ^ 3, p, {14, 14, 50});
      result.tissue = std::fabs(strand) < 0.009 && to_muscle > 3 ? Tissue::fascia : Tissue::fat;
    } else if (to_muscle > -0.9) {
      result.tissue = Tissue::fascia;
    } else {
      inside(p, t, to_muscle, result);
    }
    return result;
  }
  double width_mm() const override { return 2 * (half_width_ + fat_mm_ * 1.4 + 12); }
  double depth_mm() const override { return 2 * (std::max(front_, back_) + fat_mm_ * 1.8 + 12); }

 private:
  // Signed distance to the vertebra; tells its soft core and its canal apart.
  double vertebra(const Point& p, Tissue& tissue) const {
    const double s = size_;
    const double level = std::fmod(p.z + disc_phase_mm_ + 3600, 36.0);
    const Ellipse column{0, -30 * s, 25 * s, 18 * s};
    const double bent = 1.0 * smooth_noise(seed_ ^ 4, p, {20, 20, 25});
    const double to_column = column.distance(p.x, p.y) + bent;
    const Ellipse canal{0, -57 * s, 10 * s, 8 * s};
    const double to_canal = canal.distance(p.x, p.y);
    const Ellipse ring{0, -57 * s, 16 * s, 13 * s};
    const double to_ring = ring.distance(p.x, p.y) + bent;
    const Ellipse spine{0, -78 * s, 3.5 * s, 15 * s};
    const Ellipse wing{(p.x < 0 ? -32 : 32) * s, -47 * s, 20 * s, 4 * s};
    const bool has_process = level > 10 && level < 26;
    double posterior = to_ring;
    if (has_process) {
      posterior = std::min(posterior, std::min(spine.distance(p.x, p.y), wing.distance(p.x, p.y)) + bent);
    }
    const double nearest = std::min(to_column, posterior);
    if (to_canal < 0) {
      tissue = to_canal < -3 ? Tissue::disc : Tissue::fat;
      return std::min(to_canal, nearest);
    }
    if (to_column < 0 && level < 8) {
      tissue = Tissue::disc;
    } else {
      tissue = nearest < (to_column < 0 ? -1.6 : -1.3) ? Tissue::marrow : Tissue::cortex;
    }
    return nearest;
  }

  void inside(const Point& p, double t, double to_muscle, Sample& result) const {
    Tissue bone = Tissue::cortex;
    const double to_bone = vertebra(p, bone);
    if (to_bone < 0) {
      result.tissue = bone;
      return;
    }
    const Point bent{p.x + 2.4 * smooth_noise(seed_ ^ 5, p, {24, 24, 55}),
                     p.y + 2.4 * smooth_noise(seed_ ^ 6, p, {24, 24, 55}), p.z};
    Nearest<Muscle> nearest(to_bone);
    for (const Muscle& muscle : muscles_) {
      const double side = muscle.right ? 1 : -1;
      const double scale = std::sqrt(std::max(0.2, 1 + muscle.grow * t));
      const Ellipse ellipse{muscle.x + muscle.dx * t,
                            muscle.y + muscle.dy * t,
                            muscle.a * scale,
                            muscle.b * scale,
                            muscle.cosine,
                            muscle.sine};
      nearest.offer(ellipse.distance(side * bent.x, bent.y), muscle);
    }
    const double septum = septum_mm_ * (1 + 0.7 * smooth_noise(seed_ ^ 7, p, {20, 20, 45}));
    if (nearest.best < 1.5 && nearest.second - nearest.best > septum) {
      muscle_at(p, *nearest.structure, result);
      return;
    }
    // Between the muscles of the back lies fat; in front of them wall and cavity.
    const bool back = p.y < -46 * size_ && std::fabs(p.x) < 78 * size_;
    const Ellipse cavity{0, 8 * size_, half_width_ - wall_mm_, front_ - 8 * size_ - wall_mm_};
    const double to_cavity = std::max(cavity.distance(p.x, p.y), (-22 * size_ - p.y) * 0.8);
    if (!back && to_cavity > 1.5 && to_muscle < -1.5 && p.y > -70 * size_ && nearest.best > 3) {
      // Three flat muscles with fat between, not labelled.
      const double layer = std::fmod(-to_muscle, wall_mm_ / 3);
      const bool muscle = p.y > -20 * size_ || std::fabs(p.x) > 80 * size_;
      result.tissue = muscle && layer > 0.9 ? Tissue::muscle : Tissue::fat;
      result.fat = 0.06F;
      return;
    }
    if (to_cavity < 0) {
      cavity_at(p, result);
      return;
    }
    result.tissue = Tissue::fat;
  }

  void muscle_at(const Point& p, const Muscle& muscle, Sample& result) const {
    const double streak =
        std::fabs(smooth_noise(seed_ ^ 8, p, {6, 6, 35}) + 0.5 * smooth_noise(seed_ ^ 12, p, {3, 3, 20}));
    const double patch = 0.6 + 0.7 * smooth_noise(seed_ ^ 9, p, {18, 18, 45});
    const double here = muscle.fat * std::max(0.0, patch) * (0.5 + 2.4 * smooth_step(0.35, 0.0, streak));
    result.tissue = Tissue::muscle;
    result.label = muscle.label;
    result.fat = static_cast<float>(std::min(0.95, here));
  }

  void cavity_at(const Point& p, Sample& result) const {
    for (const double side : {-1.0, 1.0}) {
      const double dx = p.x - side * 13 * size_;
      const double dy = p.y + 2 * size_;
      if (dx * dx + dy * dy < 80) {
        result.tissue = Tissue::vessel;
        return;
      }
    }
    const double loop =
        smooth_noise(seed_ ^ 10, p, {34, 34, 40}) + 0.3 * smooth_noise(seed_ ^ 13, p, {14, 14, 20});
    const double edge = std::fabs(loop - 0.12);
    if (loop > 0.12) {
      const bool filled_with_gas = smooth_noise(seed_ ^ 11, p, {60, 60, 60}) > 0.45 && loop > 0.3;
      result.tissue = filled_with_gas ? Tissue::gas : Tissue::bowel;
    } else {
      result.tissue = edge < 0.05 ? Tissue::skin : Tissue::fat;
    }
  }

  std::uint64_t seed_;
  double size_ = 1, fat_mm_ = 15, half_width_ = 145, front_ = 95, back_ = 98, wall_mm_ = 15;
  double septum_mm_ = 1.5, lean_x_ = 0, lordosis_mm_ = 0, disc_phase_mm_ = 0;
  std::vector<Muscle> muscles_;
};

}  // namespace

std::unique_ptr<Anatomy> make_trunk(std::uint64_t seed) { return std::make_unique<Trunk>(seed); }

}  // namespace phantom
