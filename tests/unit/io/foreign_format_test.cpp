#include "io/files/foreign_format.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/nifti_bytes.hpp"

namespace musclemap::io {
namespace {

using namespace std::string_view_literals;

// Padded with what may follow in such a file.
std::string padded(std::string_view start) { return std::string(start) + std::string(600, '\x01'); }

TEST_CASE("foreign format: told by the first bytes", "[io]") {
  const std::vector<std::pair<std::string, std::string>> files{
      {std::string(128, '\0') + padded("DICM"), "a DICOM file"},
      {padded("\x08\0\x05\0CS\x0a\0ISO_IR 100"sv), "a DICOM file without its preamble"},
      {padded("\x02\0\0\0UL\x04\0"sv), "a DICOM file without its preamble"},
      {padded("NRRD0004\ntype: short\n\n"), "an NRRD image"},
      {"NRRD0005\ntype: short\ndata file: scan.raw\n", "an NRRD image"},
      {"ObjectType = Image\nNDims = 3\n", "a MetaImage header (.mha, .mhd)"},
      {padded("NDims = 3\nDimSize = 4 4 4\n"), "a MetaImage header (.mha, .mhd)"},
      {padded("\0\0\0\x01\0\0\0\x18\0\0\0\x14\0\0\0\x08\0\0\0\x01\0\0\0\x04"sv),
       "a FreeSurfer MGH image (.mgh, .mgz)"},
      {"\n <!DOCTYPE html>\n<html>", "an HTML page"},
      {"<HTML><head>", "an HTML page"},
      {padded("PK\x03\x04"), "a zip archive"},
      {padded(
           "PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0\x11\x11\x11\x11\x01\x01\0\0\x01\x01\0\0\x13\0\0\0[Content_Types].xml"sv),
       "an Office document"},
      {padded("BZh91AY&SY"), "a bzip2 file"},
      {padded("\xFD"
              "7zXZ\0"sv),
       "an xz file"},
      {padded("\x28\xB5\x2F\xFD"), "a zstd file"},
      {padded("\x1f\x8b\x08"), "a gzip file"},
      {"/annex/objects/SHA256E-s4096--aa.nii.gz\n", "a git-annex pointer in place of the file"},
      {"version https://git-lfs.github.com/spec/v1\noid sha256:aa\n",
       "a Git LFS pointer in place of the file"},
      {padded("\x89PNG\r\n\x1a\n"), "a PNG picture"},
      {padded("\xFF\xD8\xFF\xE0"), "a JPEG picture"},
      {padded("II*\0"sv), "a TIFF picture"},
      {padded("MM\0*"sv), "a TIFF picture"},
      {padded("\x89HDF\r\n\x1a\n"), "an HDF5 file (MINC 2, MATLAB 7.3)"},
      {padded("\x93NUMPY\x01"), "a NumPy array"},
      {std::string(1000, '\0'), "nothing but zero bytes"},
      {"", "an empty file (0 bytes)"},
      {"value,anatomy\n1,M\xC3\xBCller\n", "a text"},
      {"BMI,anatomy\n", "a text"},
      {"PKD gene table\n", "a text"},
      {padded("\x11\x12\x13"), ""},
  };
  for (const auto& [bytes, name] : files) {
    CAPTURE(name);
    CHECK(foreign_format(bytes).name == name);
    CHECK(foreign_format(bytes).text == (name == "a text"));
  }
  CHECK(foreign_format(std::string(128, '\0') + "DICM").with_cure() ==
        "a DICOM file; convert its folder with dcm2niix: dcm2niix -z y -o OUT FOLDER");
  CHECK(foreign_format("").with_cure() == "an empty file (0 bytes)");
}

TEST_CASE("foreign format: no start of any length is too short", "[io]") {
  const std::string bytes = std::string(128, '\0') + "DICM";
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    for (const char fill : {'\0', '\x08', 'P', '<', '\xC3', '\xFF'}) {
      CHECK_NOTHROW(foreign_format(std::string(size, fill)));
    }
  }
}

}  // namespace
}  // namespace musclemap::io
