#include "adapters/mail/letter_text.hpp"

#include <algorithm>

#include "decide/crowd_text.hpp"
#include "decide/foreign_text.hpp"

namespace garita::mail {

namespace {

constexpr std::size_t longest_subject = 140;
constexpr std::size_t longest_text = 8000;
constexpr std::size_t digest_lines = 40;

/// How each answer is given on the command line, with what it means.
std::string answers(const Case& about, const decide::Reader& reader) {
    const auto id = std::to_string(about.id.value);
    if (about.provisional && about.provisional->state == Provisional::State::waiting)
        return reader.text("mail.confirm") + "\n  garita confirm " + id + '\n';
    if (about.state != CaseState::open) return {};
    std::string text = reader.text("mail.answer") + '\n';
    for (const auto response : about.responses)
        text += "  garita decide " + id + ' ' + std::string(to_text(response)) + "  (" +
                decide::response_label(response, reader) + ")\n";
    return text;
}

}  // namespace

std::string thread_subject(const Case& about, const decide::Reader& reader) {
    const auto subject = reader.text("mail.subject", {{"id", std::to_string(about.id.value)},
                                                      {"host", decide::clean_line(about.device, 40)},
                                                      {"title", decide::case_title(about, reader)}});
    return decide::clean_line(subject, longest_subject);
}

Words case_words(const Case& about, const Progress& progress, const Told& told, Stage stage,
                 const WayToAnswer& way, const decide::Reader& reader) {
    Words words;
    words.subject = told.subject.empty() ? thread_subject(about, reader) : "Re: " + told.subject;
    words.text = decide::stage_line(about, told, stage, reader) + "\n\n" +
                 decide::plain_text(about, progress, reader, longest_text) + "\n";
    if (const auto how = answers(about, reader); !how.empty()) words.text += '\n' + how;
    if (!way.url.empty())
        words.text +=
            '\n' + reader.text("mail.link", {{"time", reader.time(way.until)}}) + '\n' + way.url + '\n';
    return words;
}

Words digest_words(const std::vector<Case>& cases, const decide::Reader& reader) {
    Words words;
    words.subject = reader.text("mail.digest_subject", {{"count", std::to_string(cases.size())}});
    words.text = reader.text("mail.digest") + "\n\n" + decide::unanswered_text(cases, reader) +
                 decide::crowd_text(cases, digest_lines, reader) + reader.text("mail.digest_how") + '\n';
    return words;
}

Words test_words(const decide::Reader& reader) {
    return {reader.text("mail.test_subject"), reader.text("mail.test") + '\n'};
}

}  // namespace garita::mail
