#include "phantom/signal.hpp"

#include <algorithm>
#include <array>

#include "phantom/random.hpp"

namespace phantom {
namespace {

constexpr std::size_t kTissues = 16;

constexpr std::size_t at(Tissue tissue) { return static_cast<std::size_t>(tissue); }

// Whole numbers, halves to even as the default rounding of IEEE 754.
std::int16_t to_i16(double value) {
  return static_cast<std::int16_t>(std::nearbyint(std::min(32767.0, std::max(-32768.0, value))));
}

class Mri : public Scanner {
 public:
  explicit Mri(std::uint64_t seed) : seed_(scramble(seed + 404)) {
    Random random(seed_);
    const double gain = random.uniform(0.7, 1.4);
    const double fat = random.uniform(620, 880);
    const double muscle = random.uniform(190, 290);
    // In the order of Tissue.
    const std::array<double, 11> plain{0,
                                       random.uniform(250, 450),
                                       fat,
                                       random.uniform(70, 150),
                                       muscle,
                                       random.uniform(15, 50),
                                       fat * random.uniform(0.75, 1.0),
                                       random.uniform(40, 420),
                                       random.uniform(180, 420),
                                       random.uniform(0, 15),
                                       random.uniform(150, 350)};
    for (std::size_t t = 0; t < plain.size(); ++t) signal_[t] = plain[t] * gain;
    noise_ = random.uniform(6, 22) * gain;
    field_ = random.uniform(0.05, 0.28);
    tilt_x_ = random.uniform(-1, 1) * 0.0008;
    tilt_y_ = random.uniform(-1, 1) * 0.0008;
    // Drawn last: what came before keeps its values.
    signal_[at(Tissue::lung)] = random.uniform(15, 60) * gain;
    signal_[at(Tissue::liver)] = random.uniform(180, 320) * gain;
    signal_[at(Tissue::spleen)] = random.uniform(120, 260) * gain;
    signal_[at(Tissue::kidney)] = random.uniform(200, 400) * gain;
    signal_[at(Tissue::heart)] = random.uniform(150, 420) * gain;
  }

  double clean(const Sample& sample) const override {
    const auto fat = static_cast<double>(sample.fat);
    return signal_[static_cast<std::size_t>(sample.tissue)] * (1 - fat) +
           signal_[static_cast<std::size_t>(Tissue::fat)] * fat;
  }

  std::int16_t measure(double mean, const Point& world, std::uint64_t noise) const override {
    const double field =
        1 + field_ * smooth_noise(seed_ ^ 21, world, {190, 170, 230}) + tilt_x_ * world.x + tilt_y_ * world.y;
    const double real = mean * std::max(0.2, field) + noise_ * to_normal(noise);
    const double imaginary = noise_ * to_normal(scramble(noise ^ 0x5DEECE66DULL));
    return to_i16(std::sqrt(real * real + imaginary * imaginary));
  }

 private:
  std::uint64_t seed_;
  std::array<double, kTissues> signal_{};
  double noise_ = 10, field_ = 0.2, tilt_x_ = 0, tilt_y_ = 0;
};

class Ct : public Scanner {
 public:
  explicit Ct(std::uint64_t seed) {
    Random random(scramble(seed + 505));
    hounsfield_ = {-1000,
                   random.uniform(-20, 40),
                   random.uniform(-112, -95),
                   random.uniform(20, 60),
                   random.uniform(45, 68),
                   random.uniform(700, 1200),
                   random.uniform(-50, 160),
                   random.uniform(35, 180),
                   random.uniform(10, 60),
                   -900,
                   random.uniform(40, 100)};
    noise_ = random.uniform(6, 18);
    // Organs take up contrast agent together.
    const double contrast = random.uniform(0, 1);
    hounsfield_[at(Tissue::lung)] = random.uniform(-880, -760);
    hounsfield_[at(Tissue::liver)] = random.uniform(50, 66) + 50 * contrast;
    hounsfield_[at(Tissue::spleen)] = random.uniform(42, 54) + 70 * contrast;
    hounsfield_[at(Tissue::kidney)] = random.uniform(28, 38) + 140 * contrast;
    hounsfield_[at(Tissue::heart)] = random.uniform(36, 46) + 90 * contrast;
  }

  double clean(const Sample& sample) const override {
    const auto fat = static_cast<double>(sample.fat);
    return hounsfield_[static_cast<std::size_t>(sample.tissue)] * (1 - fat) +
           hounsfield_[static_cast<std::size_t>(Tissue::fat)] * fat;
  }

  std::int16_t measure(double mean, const Point&, std::uint64_t noise) const override {
    return to_i16(std::max(-1024.0, mean + noise_ * to_normal(noise)));
  }

 private:
  std::array<double, kTissues> hounsfield_{};
  double noise_ = 10;
};

}  // namespace

std::unique_ptr<Scanner> make_scanner(Modality modality, std::uint64_t seed) {
  if (modality == Modality::ct) return std::make_unique<Ct>(seed);
  return std::make_unique<Mri>(seed);
}

}  // namespace phantom
