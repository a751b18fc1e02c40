#include "daemon/document/page_report.h"

namespace mailroom {
namespace {

using nlohmann::json;

json to_json(const Box& box) { return {box.x, box.y, box.width, box.height}; }
Box box_from(const json& j) { return {j.at(0), j.at(1), j.at(2), j.at(3)}; }

json to_json(const Code& code) {
  return {{"symbology", code.symbology}, {"text", code.text}, {"bytes", code.bytes},
          {"box", to_json(code.box)}, {"engines", code.engines}};
}

json to_json(const Word& word) {
  return {{"text", word.text}, {"box", to_json(word.box)}, {"confidence", word.confidence},
          {"line", word.line}, {"block", word.block}};
}

Code code_from(const json& j) {
  return {j.at("symbology"), j.at("text"), j.at("bytes"), box_from(j.at("box")), j.at("engines")};
}

Word word_from(const json& j) {
  return {j.at("text"), box_from(j.at("box")), j.at("confidence"), j.at("line"), j.at("block")};
}

PageReport read(const json& j) {
  PageReport report;
  report.width = j.at("width");
  report.height = j.at("height");
  report.dpi = j.at("dpi");
  report.blank = j.at("blank");
  report.ink = j.at("ink");
  report.rotation = j.at("rotation");
  report.skew_degrees = j.at("skew_degrees");
  for (const auto& code : j.at("codes")) report.codes.push_back(code_from(code));
  report.patch = j.at("patch");
  report.only_codes = j.at("only_codes");
  report.recognised = j.at("recognised");
  for (const auto& word : j.at("words")) report.words.push_back(word_from(word));
  report.text = j.at("text");
  report.confidence = j.at("confidence");
  report.engines = j.at("engines");
  report.remarks = j.at("remarks");
  report.file = j.value("file", json());
  return report;
}

}  // namespace

json to_json(const PageReport& report) {
  json codes = json::array();
  json words = json::array();
  for (const auto& code : report.codes) codes.push_back(to_json(code));
  for (const auto& word : report.words) words.push_back(to_json(word));
  json written = {{"width", report.width}, {"height", report.height}, {"dpi", report.dpi},
          {"blank", report.blank}, {"ink", report.ink}, {"rotation", report.rotation},
          {"skew_degrees", report.skew_degrees}, {"codes", codes}, {"patch", report.patch},
          {"only_codes", report.only_codes}, {"recognised", report.recognised}, {"words", words},
          {"text", report.text}, {"confidence", report.confidence}, {"engines", report.engines},
          {"remarks", report.remarks}};
  if (!report.file.is_null()) written["file"] = report.file;
  return written;
}

Result<PageReport> page_report_from(const json& j) {
  try {
    return read(j);
  } catch (const json::exception& wrong) {
    return fail(Errc::corrupt, std::string("not a page report: ") + wrong.what());
  }
}

Box upright(const Box& box, int width, int height, int rotation) {
  switch (rotation) {
    case 90: return {height - box.y - box.height, box.x, box.height, box.width};
    case 180: return {width - box.x - box.width, height - box.y - box.height, box.width, box.height};
    case 270: return {box.y, width - box.x - box.width, box.height, box.width};
    default: return box;
  }
}

}  // namespace mailroom
