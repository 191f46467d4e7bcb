#pragma once
// What letters say, in the recipient's language and time zone.

#include <string>
#include <vector>

#include "adapters/mail/settings.hpp"
#include "adapters/mail/thread.hpp"

namespace garita::mail {

struct Words {
    std::string subject;
    std::string text;
};

/// Of a first letter.
[[nodiscard]] std::string thread_subject(const Case& about, const decide::Reader& reader);
/// `told` is what the recipient knew before, and gives the thread's subject where there is one.
[[nodiscard]] Words case_words(const Case& about, const Progress& progress, const Told& told, Stage stage,
                               const WayToAnswer& way, const decide::Reader& reader);
/// Instead of a letter for each of them.
[[nodiscard]] Words digest_words(const std::vector<Case>& cases, const decide::Reader& reader);
[[nodiscard]] Words test_words(const decide::Reader& reader);

}  // namespace garita::mail
