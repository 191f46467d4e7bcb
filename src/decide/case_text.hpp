#pragma once
// A case in words, for chats and terminals alike: the same facts in the same order, in the reader's language
// and zone. What others chose (user names, paths) is cleaned; nothing here is mark-up.

#include <string>
#include <utility>
#include <vector>

#include "decide/catalogue.hpp"
#include "decide/time_zone.hpp"
#include "model/case.hpp"

namespace garita::decide {

/// For whom a text is made. Borrows; lives no longer than the catalogue and the zone.
struct Reader {
    const Catalogue& catalogue;
    const TimeZone& zone;
    std::string language = "en";

    [[nodiscard]] std::string text(std::string_view key, const Facts& facts = {}) const {
        return catalogue.text(language, key, facts);
    }
    /// "2026-11-22 09:08:25 MSK"
    [[nodiscard]] std::string time(Time at) const;
};

/// The pieces of a case's text; each is one line.
struct CaseText {
    std::string title;  ///< "SSH login: root from 192.0.2.1", without the number
    std::vector<std::pair<std::string, std::string>> facts;  ///< label and value
    std::vector<std::string> outcome;                        ///< state, decision, results, failures
};

[[nodiscard]] CaseText describe(const Case& about, const Progress& progress, const Reader& reader);
[[nodiscard]] std::string case_title(const Case& about, const Reader& reader);
/// "#12 · critical · web1 · SSH login: root from 192.0.2.1"
[[nodiscard]] std::string case_line(const Case& about, const Reader& reader);
/// "#12 SSH login: …", the facts, an empty line, the outcome. The facts give way when the whole is longer
/// than `max_units` UTF-16 units; title and outcome stay as long as they fit.
[[nodiscard]] std::string plain_text(const Case& about, const Progress& progress, const Reader& reader,
                                     std::size_t max_units = 4096);

/// "10 min", "1 h 30 min": whole minutes, or seconds below one.
[[nodiscard]] std::string span_words(Duration span, const Reader& reader);
/// For how long nobody had answered the case when it came to its step of on call.
[[nodiscard]] std::string unanswered_for(const Case& about, const Reader& reader);

/// "Block address"
[[nodiscard]] std::string response_label(Response response, const Reader& reader);

}  // namespace garita::decide
