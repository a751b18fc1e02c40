#include "ocr/worker/analysis/find_invoice.h"

#include "daemon/invoice/mail/mail_parts.h"
#include "daemon/invoice/xml/read_xml.h"
#include "ocr/pdf/attachments.h"
#include "ocr/render/pdf_pages.h"

namespace mailroom::ocr {
namespace {

using invoice::Reading;

Reading unreadable(const Error& error) {
  Reading reading = invoice::no_invoice("MR-UNREADABLE", "Die Datei ist nicht lesbar: " + error.message());
  reading.report.findings.front().severity = invoice::Severity::fatal;
  return reading;
}

Reading in_pdf(ByteView pdf) {
  const auto attachments = pdf_attachments(pdf);
  if (!attachments) return unreadable(attachments.error());
  std::vector<Reading> readings;
  for (const PdfAttachment& attachment : *attachments) {
    if (!invoice::looks_like_xml(attachment.bytes)) continue;
    readings.push_back(invoice::read_and_check(attachment.bytes));
    readings.back().source = attachment.name;
  }
  return invoice::choose(std::move(readings));
}

Reading in_mail(ByteView mail) {
  const auto parts = invoice::mail_parts(mail);
  if (!parts) return unreadable(parts.error());
  std::vector<Reading> readings;
  for (const invoice::MailPart& part : *parts) {
    const bool is_pdf = looks_like_pdf(part.bytes);
    const bool is_xml = invoice::looks_like_xml(part.bytes) && part.media_type != "text/html";
    if (!is_pdf && !is_xml) continue;
    Reading reading = is_pdf ? in_pdf(part.bytes) : invoice::read_and_check(part.bytes);
    if (reading.source.empty()) reading.source = part.name;
    readings.push_back(std::move(reading));
  }
  return invoice::choose(std::move(readings));
}

}  // namespace

Reading find_invoice(ByteView file) {
  if (file.empty()) return unreadable({Errc::invalid_input, "the file is empty"});
  if (invoice::looks_like_xml(file)) return invoice::read_and_check(file);
  if (looks_like_pdf(file)) return in_pdf(file);
  if (invoice::looks_like_mail(file)) return in_mail(file);
  return invoice::no_invoice("MR-NO-INVOICE", "Die Datei ist weder XML noch PDF noch E-Mail");
}

}  // namespace mailroom::ocr
