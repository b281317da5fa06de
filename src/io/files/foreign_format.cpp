#include "io/files/foreign_format.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace musclemap::io {
namespace {

using namespace std::string_view_literals;

constexpr const char* kDicomCure = "convert its folder with dcm2niix: dcm2niix -z y -o OUT FOLDER";
constexpr const char* kItkCure = "save it as .nii.gz, with 3D Slicer, ITK-SNAP or SimpleITK";
constexpr const char* kSurferCure = "convert it with FreeSurfer: mri_convert IN.mgz OUT.nii.gz";
constexpr const char* kMincCure = "convert it with mnc2nii IN.mnc OUT.nii";
constexpr const char* kUnpackCure = "unpack it first";
constexpr const char* kAnnexCure = "fetch the file itself: git annex get FILE, or datalad get FILE";
constexpr const char* kLfsCure = "fetch the file itself: git lfs pull";
constexpr const char* kDownloadCure = "the download gave a page in place of the file: fetch it again";

/// Bytes at a fixed place.
struct Magic {
  std::size_t offset;
  std::string_view bytes;
  const char* name;
  const char* cure;
};

constexpr std::array<Magic, 7> kTexts{{
    {0, "NRRD000"sv, "an NRRD image", kItkCure},
    {0, "/annex/objects/"sv, "a git-annex pointer in place of the file", kAnnexCure},
    {0, "annex/objects/"sv, "a git-annex pointer in place of the file", kAnnexCure},
    {0, "version https://git-lfs"sv, "a Git LFS pointer in place of the file", kLfsCure},
    {0, "version https://hawser"sv, "a Git LFS pointer in place of the file", kLfsCure},
    {0, "# === DATA DESCRIPTION FILE"sv, "a Philips PAR file", "convert it with dcm2niix"},
    {0, "%PDF-"sv, "a PDF document", ""},
}};

constexpr std::array<Magic, 30> kBinaries{{
    {128, "DICM"sv, "a DICOM file", kDicomCure},
    {344, "n+1\0"sv, "a NIfTI image", ""},
    {344, "ni1\0"sv, "a NIfTI image", ""},
    {4, "n+2\0"sv, "a NIfTI image", ""},
    {0, "NRRD000"sv, "an NRRD image", kItkCure},
    {0, "\x1f\x8b"sv, "a gzip file", kUnpackCure},
    {0, "BZh"sv, "a bzip2 file", kUnpackCure},
    {0,
     "\xFD"
     "7zXZ\0"sv,
     "an xz file", kUnpackCure},
    {0, "\x28\xB5\x2F\xFD"sv, "a zstd file", kUnpackCure},
    {0, "\x04\x22\x4D\x18"sv, "an lz4 file", kUnpackCure},
    {0, "7z\xBC\xAF\x27\x1C"sv, "a 7-Zip archive", kUnpackCure},
    {0, "Rar!\x1A\x07"sv, "a RAR archive", kUnpackCure},
    {257, "ustar"sv, "a tar archive", kUnpackCure},
    {30, "[Content_Types].xml"sv, "an Office document", ""},
    {30, "mimetypeapplication/vnd.oasis"sv, "an OpenDocument file", ""},
    {0, "PK\x03\x04"sv, "a zip archive", kUnpackCure},
    {0, "PK\x05\x06"sv, "an empty zip archive", ""},
    {0, "\x89PNG\r\n\x1a\n"sv, "a PNG picture", ""},
    {0, "\xFF\xD8\xFF"sv, "a JPEG picture", ""},
    {0, "II*\0"sv, "a TIFF picture", ""},
    {0, "MM\0*"sv, "a TIFF picture", ""},
    {0, "II+\0"sv, "a BigTIFF picture", ""},
    {0, "GIF8"sv, "a GIF picture", ""},
    {0, "BM"sv, "a BMP picture", ""},
    {0, "%PDF-"sv, "a PDF document", ""},
    {0, "\x89HDF\r\n\x1a\n"sv, "an HDF5 file (MINC 2, MATLAB 7.3)", kMincCure},
    {0, "CDF"sv, "a netCDF file (MINC 1)", kMincCure},
    {0, "MATLAB 5.0 MAT-file"sv, "a MATLAB file", ""},
    {0, "\x93NUMPY"sv, "a NumPy array", ""},
    {0, "\x80\x02"sv, "a Python pickle", ""},
}};

template <std::size_t N>
const Magic* find_in(const std::array<Magic, N>& magics, std::string_view start) {
  for (const Magic& magic : magics) {
    if (start.size() >= magic.offset && start.substr(magic.offset, magic.bytes.size()) == magic.bytes)
      return &magic;
  }
  return nullptr;
}

std::uint32_t big_endian_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t n = 0; n < 4; ++n) value = value << 8 | static_cast<unsigned char>(bytes[at + n]);
  return value;
}

// version 1, four lengths, a type that there is.
bool is_mgh(std::string_view start) {
  if (start.size() < 24 || big_endian_at(start, 0) != 1) return false;
  for (std::size_t at = 4; at < 20; at += 4) {
    const std::uint32_t length = big_endian_at(start, at);
    if (length < 1 || length > 100000) return false;
  }
  return big_endian_at(start, 20) <= 10;
}

// Without the preamble: group 0002 or 0008 and a value representation that such files begin with.
bool is_bare_dicom(std::string_view start) {
  if (start.size() < 8 || start[1] != 0 || (start[0] != 2 && start[0] != 8)) return false;
  const std::string_view kind = start.substr(4, 2);
  return start[3] == 0 && (kind == "UL" || kind == "UI" || kind == "CS" || kind == "OB" || kind == "DA");
}

std::string first_word(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return base::ascii_lower(text.substr(0, 14));
}

bool is_html(std::string_view start) {
  const std::string word = first_word(start);
  return word.substr(0, 14) == "<!doctype html" || word.substr(0, 5) == "<html" ||
         word.substr(0, 5) == "<head";
}

bool is_metaimage(std::string_view start) {
  const std::string text = base::ascii_lower(start);
  const bool keyed = text.substr(0, 10) == "objecttype" || text.substr(0, 5) == "ndims";
  return keyed && text.find('=') < 16;
}

// The last character may be cut.
bool is_text(std::string_view start) {
  while (!start.empty()) {
    const std::size_t left = start.size();
    const char32_t code = base::take_code_point(start);
    const bool control = code < 0x20 && code != '\t' && code != '\n' && code != '\r' && code != '\f';
    if (control || code == 0x7F || (code == base::kReplacement && left > 3)) return false;
  }
  return true;
}

}  // namespace

ForeignFormat foreign_format(std::string_view start) {
  start = start.substr(0, kForeignFormatBytes);
  if (start.empty()) return {"an empty file (0 bytes)", "", false};
  const bool text = is_text(start);
  const Magic* const magic = text ? find_in(kTexts, start) : find_in(kBinaries, start);
  if (magic != nullptr) return {magic->name, magic->cure, false};
  if (is_html(start)) return {"an HTML page", kDownloadCure, false};
  if (is_metaimage(start)) return {"a MetaImage header (.mha, .mhd)", kItkCure, false};
  if (text) return {"a text", "", true};
  if (is_bare_dicom(start)) return {"a DICOM file without its preamble", kDicomCure, false};
  if (is_mgh(start)) return {"a FreeSurfer MGH image (.mgh, .mgz)", kSurferCure, false};
  if (start.find_first_not_of('\0') == std::string_view::npos)
    return {"nothing but zero bytes", "copy it again", false};
  return {};
}

std::string ForeignFormat::with_cure() const { return cure.empty() ? name : name + "; " + cure; }

}  // namespace musclemap::io
