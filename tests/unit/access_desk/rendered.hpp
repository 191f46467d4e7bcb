#pragma once
// Every letter that a test has made says all that its texts want said.

#include <sstream>

#include "adapters/catalogue/catalogue.hpp"
#include "adapters/catalogue/embedded.hpp"
#include "support/access_office.hpp"

namespace garita::tests {

/// The English text with its placeholders; empty where there is none.
inline std::string raw_text(const std::string& key) {
    for (const auto& embedded : catalogue::embedded_languages())
        if (embedded.language == "en")
            if (const auto file = catalogue::MoFile::parse(embedded.mo)) return std::string(file->find(key));
    return {};
}

inline void expect_whole_texts(AccessOffice& office) {
    for (const auto& letter : office.queued()) {
        std::istringstream names(letter.words);
        std::string name;
        ASSERT_TRUE(names >> name);
        EXPECT_FALSE(raw_text(name + ".subject").empty()) << name;
        std::vector<std::string> keys = {name + ".subject", name + ".text"};
        while (names >> name)
            keys.push_back(name);
        for (const auto& key : keys)
            for (const auto& fact : catalogue::placeholders(raw_text(key)))
                EXPECT_TRUE(letter.facts.contains(fact)) << letter.words << " has no " << fact;
    }
}

}  // namespace garita::tests
