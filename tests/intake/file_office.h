#pragma once

#include <algorithm>

#include "daemon/intake/readable_file.h"
#include "daemon/invoice/mail/mail_parts.h"
#include "daemon/invoice/model/invoice_json.h"
#include "daemon/invoice/reading/reading.h"
#include "daemon/invoice/xml/read_xml.h"
#include "tests/intake/house.h"
#include "tests/invoice/samples.h"

namespace mailroom::test {

inline const std::string kAccount = R"(<cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode>
<cac:PayeeFinancialAccount><cbc:ID>DE89370400440532013000</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
<cac:PaymentTerms><cbc:Note>#SKONTO#TAGE=14#PROZENT=2.00#
</cbc:Note></cac:PaymentTerms>)";

inline Bytes bytes_of(const std::string& text) {
  return {text.begin(), text.end()};
}

inline Bytes mail_with(const std::string& xml) {
  const auto part = as_bytes(xml);
  return bytes_of(
      "From: rechnung@example.org\r\nTo: post@stadt.example\r\nSubject: Rechnung\r\nMIME-Version: 1.0\r\n"
      "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: "
      "text/plain\r\n\r\nAnbei.\r\n--x\r\n"
      "Content-Type: application/xml; name=a.xml\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
      to_base64(part) + "\r\n--x--\r\n");
}

/// What the page worker finds in XML and e-mails; its own tests are elsewhere.
inline nlohmann::json answer_about(const Bytes& bytes) {
  std::vector<invoice::Reading> readings;
  if (invoice::looks_like_mail(bytes)) {
    const auto parts = invoice::mail_parts(bytes).value();
    for (const auto& part : parts) {
      if (invoice::looks_like_xml(part.bytes)) readings.push_back(invoice::read_and_check(part.bytes));
    }
  } else {
    readings.push_back(invoice::read_and_check(bytes));
  }
  const auto reading = invoice::choose(std::move(readings));
  nlohmann::json answer = {{"line", invoice::line_of(reading)}};
  if (reading.invoice) answer["invoice"] = invoice::to_json(*reading.invoice);
  return answer;
}

/// A house that knows who writes electronic invoices, on the fifth of November.
struct FileOffice : House {
  FileOffice() {
    configuration.classes.at("invoice").reading = Reading::invoice;
    clock = ManualClock(from_rfc3339("2026-11-05T09:00:00.000Z").value());
    restart();
    REQUIRE(flow->import_creditors(
        "id;name;vat_id;iban\n70001;Muster GmbH;DE136695976;DE89370400440532013000\n", "mm"));
  }

  Result<archive::Batch> give(const Bytes& bytes, const std::string& origin) {
    intake::ReceivedFile file;
    file.profile = "electronic-invoices";
    file.name = "rechnung.xml";
    file.bytes = bytes;
    file.origin = origin;
    file.operator_id = "folder:invoices";
    return take(file);
  }

  Result<archive::Batch> take(const intake::ReceivedFile& file) {
    MAILROOM_TRY(const auto image, intake::side_of(file));
    MAILROOM_TRY(const auto batch, flow->open_for_file(file, image));
    if (batch.state != BatchState::feeding) return batch;
    REQUIRE(spool.store({batch.id, 1, Side::front, image.format}, file.bytes));
    return flow->take_file(batch, file, image);
  }

  /// Takes the file in and has it read.
  archive::Batch receive(const Bytes& bytes, const std::string& origin = "one") {
    const auto batch = give(bytes, origin).value();
    for (const auto& page : pages(batch)) {
      const auto read = spool.read({batch.id, 1, Side::front, page.image.format}, page.image.sha256).value();
      REQUIRE(flow->record_reading(page.id, intake::report_of_file(answer_about(read))));
    }
    return now(batch);
  }

  archive::DeliveryRow owed_to(const archive::Batch& batch, const std::string& recipient) {
    for (auto& row : deliveries(documents(batch).at(0).id)) {
      if (row.recipient == recipient) return row;
    }
    FAIL("nothing is owed to " + recipient);
    return {};
  }
  Bytes content(const archive::Batch& batch, const std::string& role) {
    const auto rows = catalogue->documents().contents_of(documents(batch).at(0).id).value();
    for (const auto& row : rows) {
      if (row.role == role) return contents->get(row.sha256).value();
    }
    FAIL("no content " + role);
    return {};
  }
};

}  // namespace mailroom::test
