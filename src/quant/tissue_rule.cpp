#include "quant/tissue_rule.hpp"

namespace musclemap::quant {
namespace {

bool inside(double x, const IntensityRange& range) { return x >= range.low && x <= range.high; }

}  // namespace

TissueCounts& TissueCounts::operator+=(const TissueCounts& other) {
  voxels += other.voxels;
  muscle += other.muscle;
  muscle_share += other.muscle_share;
  undefined += other.undefined;
  undefined_share += other.undefined_share;
  fat += other.fat;
  sum += other.sum;
  muscle_sum += other.muscle_sum;
  return *this;
}

std::uint8_t combined_code(std::uint8_t bits) {
  if ((bits & fat_bit) != 0) return static_cast<std::uint8_t>(Tissue::fat);
  if ((bits & undefined_bit) != 0) return static_cast<std::uint8_t>(Tissue::undefined);
  return static_cast<std::uint8_t>((bits & muscle_bit) != 0 ? Tissue::muscle : Tissue::none);
}

TissueRule::TissueRule(const TissueFit& fit, const TissueOptions& options)
    : divided_(fit.divided()),
      kind_(options.method == TissueMethod::hu ? Kind::windows
            : options.components == 2          ? Kind::two
                                               : Kind::three),
      consistent_(options.operators == TissueOperators::consistent),
      muscle_max_(fit.muscle_max),
      fat_min_(fit.fat_min),
      muscle_(options.muscle_range),
      fat_(options.fat_range) {}

std::uint8_t TissueRule::map_bits(double x) const {
  if (!divided_) return 0;
  switch (kind_) {
    case Kind::windows:
      return inside(x, fat_) ? fat_bit : inside(x, muscle_) ? muscle_bit : undefined_bit;
    case Kind::two:
      return x < muscle_max_ || (consistent_ && x == muscle_max_) ? muscle_bit : fat_bit;
    case Kind::three:
      break;
  }
  if (consistent_) return x <= muscle_max_ ? muscle_bit : x < fat_min_ ? undefined_bit : fat_bit;
  const int muscle = x < muscle_max_ ? muscle_bit : 0;
  const int undefined = x >= muscle_max_ && x < fat_min_ ? undefined_bit : 0;
  const int fat = x >= fat_min_ ? fat_bit : 0;
  return static_cast<std::uint8_t>(muscle | undefined | fat);
}

void TissueRule::count(double x, TissueCounts* counts) const {
  ++counts->voxels;
  counts->sum += x;
  if (!divided_) return;
  bool muscle = x <= muscle_max_;
  bool muscle_share = muscle;
  bool undefined = false;
  bool undefined_share = false;
  bool fat = false;
  if (kind_ == Kind::windows || consistent_) {
    const std::uint8_t bits = map_bits(x);
    muscle = muscle_share = (bits & muscle_bit) != 0;
    undefined = undefined_share = (bits & undefined_bit) != 0;
    fat = (bits & fat_bit) != 0;
  } else if (kind_ == Kind::two) {
    fat = !muscle;
  } else {
    muscle_share = x < muscle_max_;
    undefined = x > muscle_max_ && x < fat_min_;
    undefined_share = x >= muscle_max_ && x < fat_min_;
    fat = x >= fat_min_;
  }
  counts->muscle += muscle ? 1 : 0;
  counts->muscle_share += muscle_share ? 1 : 0;
  counts->undefined += undefined ? 1 : 0;
  counts->undefined_share += undefined_share ? 1 : 0;
  counts->fat += fat ? 1 : 0;
  if (muscle) counts->muscle_sum += x;
}

}  // namespace musclemap::quant
