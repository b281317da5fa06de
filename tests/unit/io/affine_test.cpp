#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "musclemap/error.hpp"
#include "musclemap/nifti.hpp"
#include "support/catch.hpp"
#include "support/nifti_bytes.hpp"
#include "support/temporary_folder.hpp"

namespace musclemap {
namespace {

using test::put;

struct QformCase {
  float fields[10];  // qfac, spacing, quaternion b c d, offset
  double rows[12];
};

// Header fields and the matrix that nibabel 5.2.1 prints for them (get_qform).
const QformCase kQforms[] = {
    {{1.0F, 0.4995436F, 1.7184649F, 1.8113508F, 0.8157855F, 0.15298708F, -0.25898802F, -181.88992F,
      -180.49692F, 199.67044F},
     {0.4091463539857399, 0.8686461577534149, -0.491623981702329, -181.88992309570312, -0.003126850000374631,
      -0.7993639367740932, -1.6034143205725824, -180.49691772460938, -0.2865890775283692, 1.2488364963563714,
      -0.6843684527968863, 199.67044067382812}},
    {{-1.0F, 3.621407F, 3.4236548F, 1.7518972F, -0.5475334F, -0.42541963F, 0.71032476F, -2.7907925F,
      70.67574F, -175.67891F},
     {-1.343854399592291, 1.0059691907965922, 1.5432210726689626, -2.790792465209961, 2.3100838624438857,
      -2.0840066588715365, 0.8264835105562014, 70.67574310302734, -2.4437996629604375, -2.5231635670664447,
      -0.06736158050633681, -175.6789093017578}},
    {{1.0F, 2.8129716F, 3.5193274F, 1.1410786F, -0.5123759F, 0.058411617F, 0.54575735F, 158.17929F,
      148.87819F, -192.59311F},
     {1.1180830386489844, -2.747748825737288, -0.5501239172883943, 158.17929077148438, 1.859500332469884,
      -0.42499498064535235, 0.8450429939925644, 148.87818908691406, -1.790239651372, -2.157526597834242,
      0.5341594944969309, -192.59310913085938}},
    {{-1.0F, 1.0520355F, 1.5022877F, 3.2829967F, -0.0156089F, 0.028581126F, 0.22959338F, -73.41917F,
      -140.38457F, 79.40479F},
     {0.9394045324562393, -0.6723674174199988, -0.15901753579066893, -73.4191665649414, 0.4689741113102605,
      1.3431751668170313, -0.14278057761737092, -140.3845672607422, -0.06603784783137587,
      -0.02590361837022485, -3.276033297067268, 79.40479278564453}},
    {{1.0F, 3.2595541F, 2.1761522F, 2.1736245F, 0.6F, 0.0F, 0.8F, -105.52235F, -194.18549F, 173.28957F},
     {-0.9126750867564221, 0.0, 2.0866795494226174, -105.52234649658203, 0.0, -2.176152229309082, 0.0,
      -194.18548583984375, 3.1291720035713935, 0.0, 0.6086148145990493, 173.28956604003906}},
    {{-1.0F, 1.7778735F, 3.7648356F, 2.3577912F, 0.0F, 0.70710677F, 0.70710677F, -103.94587F, 96.568665F,
      69.75588F},
     {-1.7778735160827637, 0.0, 0.0, -103.94586944580078, 0.0, 0.0, -2.3577911853790283, 96.56866455078125,
      0.0, 3.7648355960845947, 0.0, 69.7558822631836}},
};

void put_qform(test::Bytes& bytes, const float (&fields)[10]) {
  for (std::size_t n = 0; n < 4; ++n) put(bytes, test::kPixdim + 4 * n, fields[n]);
  for (std::size_t n = 0; n < 6; ++n) put(bytes, test::kQuatern + 4 * n, fields[4 + n]);
  put(bytes, test::kQformCode, std::int16_t{1});
}

Affine affine_of(const test::Bytes& bytes, AffineRule rule) {
  const test::TemporaryFolder folder;
  test::write_bytes(folder / "a.nii", bytes);
  NiftiReadOptions options;
  options.affine = rule;
  return open_nifti(folder / "a.nii", options)->geometry().to_world;
}

bool same_rows(const Affine& affine, const double (&rows)[12]) {
  for (std::size_t n = 0; n < 12; ++n) {
    if (affine.m[n] != rows[n]) return false;
  }
  return true;
}

bool mentions(const NiftiInfo& info, const std::string& text) {
  for (const Warning& warning : info.warnings) {
    if (warning.text.find(text) != std::string::npos) return true;
  }
  return false;
}

TEST_CASE("nifti: the qform matrix has the bits of the reference's", "[io]") {
  for (const QformCase& expected : kQforms) {
    test::Bytes bytes = test::nifti_one({3, 3, 3});
    put(bytes, test::kSformCode, std::int16_t{0});
    put_qform(bytes, expected.fields);
    CHECK(same_rows(affine_of(bytes, AffineRule::nifti), expected.rows));
    CHECK(same_rows(affine_of(bytes, AffineRule::monai), expected.rows));
  }
}

TEST_CASE("nifti: an sform that contradicts pixdim gives way to an agreeing qform under the monai rule",
          "[io]") {
  test::Bytes bytes = test::nifti_one({3, 3, 3});
  put_qform(bytes, kQforms[1].fields);
  const double sform[12] = {2, 0, 0, 0, 0, 2.5, 0, 10, 0, 0, 3, 20};
  CHECK(same_rows(affine_of(bytes, AffineRule::nifti), sform));
  double rounded[12];
  for (int n = 0; n < 12; ++n) rounded[n] = static_cast<double>(static_cast<float>(kQforms[1].rows[n]));
  CHECK(same_rows(affine_of(bytes, AffineRule::monai), rounded));
  // The rule looks at the quaternion even where its code is 0.
  put(bytes, test::kQformCode, std::int16_t{0});
  CHECK(same_rows(affine_of(bytes, AffineRule::monai), rounded));
}

TEST_CASE("nifti: the monai rule keeps the sform when both forms contradict pixdim", "[io]") {
  test::Bytes bytes = test::nifti_one({3, 3, 3});
  put_qform(bytes, kQforms[2].fields);
  put(bytes, test::kPixdim + 4, 7.0F);
  put(bytes, test::kQuatern, 9.0F);  // not a rotation: the qform cannot agree with anything
  const double sform[12] = {2, 0, 0, 0, 0, 2.5, 0, 10, 0, 0, 3, 20};
  CHECK(same_rows(affine_of(bytes, AffineRule::monai), sform));
}

TEST_CASE("nifti: an image without codes is centred, flipped in x and warned of", "[io]") {
  const test::TemporaryFolder folder;
  test::Bytes bytes = test::nifti_one({5, 4, 3});
  put(bytes, test::kSformCode, std::int16_t{0});
  test::write_bytes(folder / "a.nii", bytes);
  const NiftiInfo info = nifti_info(folder / "a.nii");
  const double rows[12] = {-2, 0, 0, 4, 0, 2.5, 0, -3.75, 0, 0, 3, -3};
  CHECK(info.affine_source == "none");
  CHECK(same_rows(info.affine, rows));
  CHECK(mentions(info, "left and right are unknown"));
}

TEST_CASE("nifti: the reader's geometry is in millimetres, the info's as stored", "[io]") {
  const test::TemporaryFolder folder;
  test::Bytes bytes = test::nifti_one({2, 2, 2});
  for (const auto& [code, scale] : {std::pair<int, double>{1, 1000.0}, {2, 1.0}, {3, 0.001}, {0, 1.0}}) {
    put(bytes, test::kUnits, static_cast<std::uint8_t>(code));
    test::write_bytes(folder / "a.nii", bytes);
    const auto reader = open_nifti(folder / "a.nii");
    CHECK(reader->geometry().to_world(0, 0) == 2 * scale);
    CHECK(reader->geometry().to_world(2, 3) == 20 * scale);
    CHECK(reader->info().affine(0, 0) == 2);
    CHECK(reader->info().warnings.empty() == (code == 2));
  }
}

TEST_CASE("nifti: a mirrored qform beside an sform is warned of", "[io]") {
  const test::TemporaryFolder folder;
  test::Bytes bytes = test::nifti_one({4, 4, 4});
  put_qform(bytes, {-1, 2, 2.5F, 3, 0, 0, 0, 0, 10, 20});
  test::write_bytes(folder / "a.nii", bytes);
  CHECK(mentions(nifti_info(folder / "a.nii"), "left and right"));
}

TEST_CASE("nifti: an unknown qfac is refused where the qform is needed and warned of elsewhere", "[io]") {
  const test::TemporaryFolder folder;
  test::Bytes bytes = test::nifti_one({4, 4, 4});
  put_qform(bytes, {-2, 2, 2.5F, 3, 0, 0, 0, 0, 10, 20});
  test::write_bytes(folder / "a.nii", bytes);
  CHECK(mentions(nifti_info(folder / "a.nii"), "qform cannot be used"));
  put(bytes, test::kSformCode, std::int16_t{0});
  test::write_bytes(folder / "a.nii", bytes);
  CHECK_THROWS_AS(nifti_info(folder / "a.nii"), Error);
}

}  // namespace
}  // namespace musclemap
