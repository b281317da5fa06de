#include "image/polish/relabel.hpp"

#include <type_traits>

namespace musclemap::image {
namespace {

// A number for each bit pattern of T.
template <class T>
class Table {
 public:
  explicit Table(bool keep) : to_(std::size_t{1} << (8 * sizeof(T))) {
    for (std::size_t bits = 0; keep && bits < to_.size(); ++bits) to_[bits] = static_cast<T>(bits);
  }
  // Nothing where T cannot hold the label.
  void set(std::int64_t label, std::int64_t to) {
    if (static_cast<std::int64_t>(static_cast<T>(label)) == label)
      at(static_cast<T>(label)) = static_cast<T>(to);
  }
  T& at(T label) { return to_[static_cast<std::make_unsigned_t<T>>(label)]; }

 private:
  std::vector<T> to_;
};

// Puts all voxels through a table, which fill() makes from one that keeps every label or none.
template <class Fill>
void put_through(Volume& labels, bool keep, const Fill& fill) {
  with_labels(labels, [&](const auto& view) {
    using T = std::remove_reference_t<decltype(view(0, 0, 0))>;
    Table<T> table(keep);
    fill(table);
    for (std::int64_t k = 0; k < view.shape[2]; ++k) {
      for (std::int64_t j = 0; j < view.shape[1]; ++j) {
        for (std::int64_t i = 0; i < view.shape[0]; ++i) view(i, j, k) = table.at(view(i, j, k));
      }
    }
  });
}

}  // namespace

void polish(const DropLabels& rule, Volume& labels, const PolishContext& /*context*/) {
  put_through(labels, true, [&](auto& table) {
    for (const std::int64_t label : rule.labels) table.set(label, 0);
  });
}

void polish(const KeepOnly& rule, Volume& labels, const PolishContext& /*context*/) {
  put_through(labels, false, [&](auto& table) {
    for (const std::int64_t label : rule.labels) table.set(label, label);
  });
}

void polish(const Relabel& rule, Volume& labels, const PolishContext& /*context*/) {
  put_through(labels, false, [&](auto& table) {
    for (std::size_t label = 1; label < rule.to.size(); ++label) {
      table.set(static_cast<std::int64_t>(label), rule.to[label]);
    }
  });
}

}  // namespace musclemap::image
