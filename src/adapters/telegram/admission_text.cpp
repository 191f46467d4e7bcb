#include "adapters/telegram/admission_text.hpp"

#include "decide/foreign_text.hpp"

namespace garita::telegram {

std::string guest_name(std::int64_t chat, std::string_view name) {
    if (name.empty()) return std::to_string(chat);
    return decide::clean_line(name, 64) + " (" + std::to_string(chat) + ')';
}

std::string verdict_label(Standing verdict, const decide::Reader& reader) {
    return reader.text("telegram.request_" + std::string(to_text(verdict)));
}

std::string standing_text(const Guest& guest, const decide::Reader& reader) {
    if (guest.standing == Standing::waiting) return {};
    if (guest.by.empty()) return reader.text("telegram.request_over", {{"time", reader.time(guest.at)}});
    return reader.text("telegram.request_is_" + std::string(to_text(guest.standing)),
                       {{"who", decide::clean_line(guest.by, 64)}, {"time", reader.time(guest.at)}});
}

Text request_text(const Guest& guest, const decide::Reader& reader) {
    const auto name = guest.name.empty() ? std::string("?") : decide::clean_line(guest.name, 64);
    Text text{reader.text(guest.chat > 0 ? "telegram.request_private" : "telegram.request_group",
                          {{"name", name}, {"id", std::to_string(guest.chat)}}),
              0};
    text.bold_units = decide::utf16_length(text.plain);
    text.plain += "\n\n";
    text.plain += guest.standing == Standing::waiting ? reader.text("telegram.request_explained")
                                                      : standing_text(guest, reader);
    return text;
}

Keyboard request_keyboard(const Guest& guest, const Notice& notice, const decide::Reader& reader) {
    if (guest.standing != Standing::waiting) return {};
    std::vector<Button> row;
    for (std::size_t i = 0; i < verdicts.size(); ++i)
        row.push_back({verdict_label(verdicts.at(i), reader), notice.tickets.at(i)});
    return {row};
}

}  // namespace garita::telegram
