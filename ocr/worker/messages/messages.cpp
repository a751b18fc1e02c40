#include "ocr/worker/messages/messages.h"

namespace mailroom::ocr::messages {

using nlohmann::json;

json to_json(const PageRequest& request) {
  return {{"recognise", request.recognise},
          {"patch_t", request.patch_t},
          {"routing_sheets", request.routing_sheets},
          {"full_search", request.full_search}};
}

Result<PageRequest> page_request_from(const json& body) {
  try {
    PageRequest request;
    request.recognise = body.at("recognise");
    request.patch_t = body.at("patch_t");
    request.routing_sheets = body.at("routing_sheets");
    request.full_search = body.at("full_search");
    return request;
  } catch (const json::exception& wrong) {
    return fail(Errc::invalid_input, std::string("not a request for a page: ") + wrong.what());
  }
}

json to_json(const PictureRequest& request) {
  return {{"rotation", request.rotation}, {"longest", request.longest}, {"page", request.page}};
}

Result<PictureRequest> picture_request_from(const json& body) {
  try {
    const PictureRequest request{body.at("rotation"), body.at("longest"), body.at("page")};
    const bool square = request.rotation >= 0 && request.rotation < 360 && request.rotation % 90 == 0;
    if (square && request.longest >= 0 && request.page >= 0) return request;
    return fail(Errc::invalid_input, "a picture turns by whole quarters and is not smaller than nothing");
  } catch (const json::exception& wrong) {
    return fail(Errc::invalid_input, std::string("not a request for a picture: ") + wrong.what());
  }
}

json to_json(const Error& error) {
  json place = json::object();
  if (!error.place.page.empty()) place["page"] = error.place.page;
  if (!error.place.file.empty()) place["file"] = error.place.file;
  return {{"code", name_of(error.code)}, {"what", error.what}, {"remedy", error.remedy}, {"place", place}};
}

Error error_from(const json& body) {
  try {
    Error error;
    error.code = errc_from(body.at("code").get<std::string>()).value_or(Errc::corrupt);
    error.what = body.at("what");
    error.remedy = body.at("remedy");
    error.place.page = body.at("place").value("page", "");
    error.place.file = body.at("place").value("file", "");
    return error;
  } catch (const json::exception& wrong) {
    return {Errc::corrupt, std::string("the page worker sent an error that cannot be read: ") + wrong.what()};
  }
}

}  // namespace mailroom::ocr::messages
