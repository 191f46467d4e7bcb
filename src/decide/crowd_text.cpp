#include "decide/crowd_text.hpp"

#include <algorithm>
#include <vector>

namespace garita::decide {

namespace {

std::string counted(const std::vector<Case>& cases, std::string_view key, std::size_t lines,
                    const Reader& reader) {
    if (cases.empty()) return {};
    auto text = reader.text(key, {{"count", std::to_string(cases.size())}});
    text += worst_lines(cases, lines, reader);
    if (cases.size() > lines)
        text += '\n' + reader.text("mail.digest_more", {{"count", std::to_string(cases.size() - lines)}});
    return text + "\n\n";
}

}  // namespace

std::string worst_lines(std::span<const Case> cases, std::size_t lines, const Reader& reader) {
    std::vector<const Case*> worst;
    for (const auto& about : cases)
        worst.push_back(&about);
    std::stable_sort(worst.begin(), worst.end(),
                     [](const Case* a, const Case* b) { return a->severity > b->severity; });
    worst.resize(std::min(worst.size(), lines));
    std::string text;
    for (const auto* about : worst)
        text += '\n' + case_line(*about, reader);
    return text;
}

std::string unanswered_text(const std::vector<Case>& cases, const Reader& reader) {
    const bool some = std::any_of(cases.begin(), cases.end(), [](const Case& about) {
        return about.state == CaseState::open && about.duty.step > 0;
    });
    return some ? reader.text("on_call.unanswered_many") + "\n\n" : std::string();
}

std::string crowd_text(const std::vector<Case>& cases, std::size_t lines, const Reader& reader) {
    std::vector<Case> waiting;
    std::vector<Case> others;
    for (const auto& about : cases)
        (about.state == CaseState::open ? waiting : others).push_back(about);
    return counted(waiting, "mail.digest_waiting", lines, reader) +
           counted(others, "mail.digest_over", lines, reader);
}

}  // namespace garita::decide
