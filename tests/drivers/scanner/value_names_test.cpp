#include "drivers/scanner/sane/value_names.h"

#include <catch2/catch.hpp>

using namespace mailroom::drivers;

TEST_CASE("the sources of common backends are understood") {
  const std::vector<std::string> fujitsu = {"Flatbed", "ADF Front", "ADF Back", "ADF Duplex", "Card Front"};
  CHECK(source_name(fujitsu, Source::flatbed) == "Flatbed");
  CHECK(source_name(fujitsu, Source::feeder_front) == "ADF Front");
  CHECK(source_name(fujitsu, Source::feeder_duplex) == "ADF Duplex");
  CHECK(source_name({"Flatbed", "ADF", "ADF Duplex"}, Source::feeder_front) == "ADF");
  CHECK(source_name({"FlatBed", "Automatic Document Feeder"}, Source::flatbed) == "FlatBed");
  CHECK(source_name({"Flatbed", "Automatic Document Feeder"}, Source::feeder_front) ==
        "Automatic Document Feeder");
}

TEST_CASE("a feed of one side never turns into another") {
  CHECK_FALSE(source_name({"ADF Duplex"}, Source::feeder_front));
  CHECK_FALSE(source_name({"ADF Back"}, Source::feeder_front));
  CHECK_FALSE(source_name({"ADF Front", "Automatic Document Feeder"}, Source::feeder_duplex));
  CHECK_FALSE(source_name({}, Source::flatbed));
}

TEST_CASE("colour modes are understood, dithered ones are not taken for bilevel") {
  CHECK(mode_name({"Lineart", "Halftone", "Gray", "Color"}, ColourMode::bilevel) == "Lineart");
  CHECK(mode_name({"Lineart", "Halftone", "Gray", "Color"}, ColourMode::grey) == "Gray");
  CHECK(mode_name({"Black & White", "True Gray", "24bit Color"}, ColourMode::colour) == "24bit Color");
  CHECK_FALSE(mode_name({"Halftone", "Gray"}, ColourMode::bilevel));
}
