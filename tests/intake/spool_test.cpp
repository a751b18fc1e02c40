#include "daemon/intake/spool.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "daemon/crypto/digest.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_file.h"

using namespace mailroom;
using namespace mailroom::intake;
namespace fs = std::filesystem;

namespace {

const SpoolEntry kEntry{"b1", 17, Side::back, ImageFormat::jpeg};

struct Room {
  test::TemporaryFolder folder;
  Spool spool{folder.path() / "spool"};
};

}  // namespace

TEST_CASE("a side is kept under a name that says sheet, side and format") {
  const Room place;
  REQUIRE(place.spool.store(kEntry, as_bytes("a side")));
  CHECK(place.spool.path_of(kEntry) == place.folder.path() / "spool" / "b1" / "00017-back.jpg");
  CHECK(test::text_of(place.spool.path_of(kEntry)) == "a side");
  CHECK(Spool::file_name({"b1", 3, Side::front, ImageFormat::tiff}) == "00003-front.tif");
  CHECK(as_text(place.spool.read(kEntry, sha256_hex(as_bytes("a side"))).value()) == "a side");
}

TEST_CASE("a side that is in the spool is never overwritten") {
  const Room place;
  REQUIRE(place.spool.store(kEntry, as_bytes("first")));
  const auto again = place.spool.store(kEntry, as_bytes("second"));
  REQUIRE_FALSE(again);
  CHECK(again.error().code == Errc::conflict);
  CHECK(test::text_of(place.spool.path_of(kEntry)) == "first");
}

TEST_CASE("a side that is not what was captured is named and not given out") {
  const Room place;
  REQUIRE(place.spool.store(kEntry, as_bytes("a side")));
  std::ofstream(place.spool.path_of(kEntry), std::ios::app) << "!";
  const auto read = place.spool.read(kEntry, sha256_hex(as_bytes("a side")));
  REQUIRE_FALSE(read);
  CHECK(read.error().code == Errc::corrupt);
  CHECK(read.error().place.file == place.spool.path_of(kEntry).string());
  CHECK(place.spool.read({"b1", 18, Side::front}, "00").error().code == Errc::not_found);
}

TEST_CASE("files that were never taken are put aside under their digest, halves are removed") {
  const Room place;
  REQUIRE(place.spool.store(kEntry, as_bytes("taken")));
  REQUIRE(place.spool.store({"b1", 18, Side::front}, as_bytes("untaken")));
  std::ofstream(place.spool.folder_of("b1") / "00019-front.jpg.part") << "half";
  const auto aside = place.spool.set_aside_untaken("b1", {"00017-back.jpg"}).value();
  REQUIRE(aside.size() == 1);
  CHECK(aside[0].name == "00018-front.jpg");
  CHECK(aside[0].sha256 == sha256_hex(as_bytes("untaken")));
  const auto kept =
      place.spool.folder_of("b1") / "untaken" / (aside[0].sha256.substr(0, 12) + "-00018-front.jpg");
  CHECK(test::text_of(kept) == "untaken");
  CHECK(fs::exists(place.spool.path_of(kEntry)));
  CHECK_FALSE(fs::exists(place.spool.folder_of("b1") / "00019-front.jpg.part"));
  CHECK_FALSE(fs::exists(place.spool.path_of({"b1", 18, Side::front})));
}

TEST_CASE("putting aside twice, or where there is no folder, changes nothing") {
  const Room place;
  CHECK(place.spool.set_aside_untaken("nobody", {}).value().empty());
  REQUIRE(place.spool.store(kEntry, as_bytes("untaken")));
  CHECK(place.spool.set_aside_untaken("b1", {}).value().size() == 1);
  CHECK(place.spool.set_aside_untaken("b1", {}).value().empty());
  REQUIRE(place.spool.store(kEntry, as_bytes("another try")));
  CHECK(place.spool.set_aside_untaken("b1", {}).value().size() == 1);
  CHECK(std::distance(fs::directory_iterator(place.spool.folder_of("b1") / "untaken"),
                      fs::directory_iterator()) == 2);
}

TEST_CASE("the working copies of a batch are removed, and once more is success") {
  const Room place;
  REQUIRE(place.spool.store(kEntry, as_bytes("a side")));
  REQUIRE(place.spool.remove_batch("b1"));
  CHECK_FALSE(fs::exists(place.spool.folder_of("b1")));
  CHECK(place.spool.remove_batch("b1"));
  CHECK(place.spool.free_mib().value() > 0);
}
