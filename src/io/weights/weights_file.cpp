#include "io/weights/weights_file.hpp"

#include <condition_variable>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "base/sha256.hpp"
#include "io/files/file_bytes.hpp"

namespace musclemap::io {

/// Hashes pieces in their order on a thread of its own, or at once.
class WeightsFile::Hasher {
 public:
  explicit Hasher(bool apart) {
    if (apart) thread_ = std::thread([this] { run(); });
  }
  /// Lets go of what is not hashed yet.
  ~Hasher() { end(true); }
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  /// The bytes stay where they are until this object is gone or has its result.
  void add(std::string_view piece) {
    if (!thread_.joinable()) return hash_.update(piece.data(), piece.size());
    const std::lock_guard<std::mutex> lock(mutex_);
    pieces_.push_back(piece);
    changed_.notify_one();
  }
  std::string result() {
    end(false);
    return hash_.hex();
  }

 private:
  void run() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (std::size_t next = 0;; ++next) {
      changed_.wait(lock, [&] { return next < pieces_.size() || ended_; });
      if (dropped_ || next == pieces_.size()) return;
      const std::string_view piece = pieces_[next];
      lock.unlock();
      hash_.update(piece.data(), piece.size());
      lock.lock();
    }
  }
  void end(bool drop) {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      ended_ = true;
      dropped_ = drop;
      changed_.notify_one();
    }
    thread_.join();
  }

  base::Sha256 hash_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string_view> pieces_;
  bool ended_ = false;
  bool dropped_ = false;
  std::thread thread_;
};

WeightsFile::WeightsFile(const std::filesystem::path& file, const RunControl& control)
    : hasher_(std::make_unique<Hasher>(base::resolve_threads(control.threads) > 1)) {
  constexpr std::uint64_t kMegabyte = std::uint64_t{1} << 20;
  std::uint64_t done = 0;
  const auto whole = [&](std::uint64_t bytes) {
    return static_cast<std::int64_t>((bytes + kMegabyte - 1) / kMegabyte);
  };
  read_file_bytes(file, kLargestWeights, &bytes_, [&](std::string_view piece, std::uint64_t size) {
    hasher_->add(piece);
    done += piece.size();
    base::report(control, Stage::read, whole(done), whole(size));
  });
}

WeightsFile::~WeightsFile() = default;

const std::string& WeightsFile::sha256() {
  if (hasher_ != nullptr) {
    sha256_ = hasher_->result();
    hasher_.reset();
  }
  return sha256_;
}

std::string WeightsFile::take_bytes() {
  sha256();
  return std::move(bytes_);
}

}  // namespace musclemap::io
