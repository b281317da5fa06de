// Layout after torch/csrc/jit/serialization/export_module.cpp: <root>/code/**.py, constants.pkl, data.pkl,
// extra/<name>.
#include "io/weights/torchscript/archive.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "io/weights/state_dict.hpp"
#include "io/weights/torchscript/scan.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

constexpr std::size_t kLargestSource = std::size_t{16} << 20;
constexpr std::size_t kLargestCode = std::size_t{64} << 20;
constexpr std::size_t kLargestPickle = std::size_t{16} << 20;
constexpr std::size_t kLargestDescription = std::size_t{16} << 20;

bool starts_with(const std::string& text, const std::string& prefix) {
  return text.compare(0, prefix.size(), prefix) == 0;
}

}  // namespace

bool is_torchscript(const ZipReader& zip) {
  const std::string root = archive_root(zip);
  if (zip.find(root + "/constants.pkl") == nullptr) return false;
  return std::any_of(zip.entries().begin(), zip.entries().end(),
                     [&](const ZipEntry& entry) { return starts_with(entry.name, root + "/code/"); });
}

TorchScriptSummary inspect_torchscript(const ZipReader& zip) {
  const std::string root = archive_root(zip);
  TorchScriptSummary summary;
  TorchScriptScan scan;
  std::size_t left = kLargestCode;
  for (const ZipEntry& entry : zip.entries()) {
    // LibTorch finds entries without regard to case, so "CODE/x.PY" is code as well.
    const std::string folded = base::ascii_lower(entry.name.substr(root.size()));
    if (starts_with(folded, "/data/") || starts_with(folded, "/constants/")) {
      summary.tensor_bytes += entry.size;
    } else if (starts_with(folded, "/code/") && !base::ends_with(folded, ".debug_pkl")) {
      const std::string source = zip.read(entry, std::min(left, kLargestSource));
      left -= source.size();
      scan.add(source);
    } else if (folded == "/data.pkl" || folded == "/constants.pkl") {
      // Objects of C++ classes bring code of their own that this scan cannot see.
      const std::string pickle = zip.read(entry, kLargestPickle);
      if (pickle.find("torch.classes") != std::string::npos)
        scan.refuse("object of a class of torch.classes");
    }
  }
  if (const ZipEntry* extra = zip.find(root + "/extra/musclemap.json")) {
    summary.description = zip.read(*extra, kLargestDescription);
  }
  TorchScriptFindings findings = scan.finish();
  summary.operators = std::move(findings.operators);
  summary.refused = std::move(findings.refused);
  return summary;
}

}  // namespace musclemap::io
