// Any bytes as a configuration file. Invariants: nothing is thrown, every problem has a text without control
// characters, and a file that is found fine can be built into typed values.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "runtime/config/build.hpp"
#include "runtime/config/report.hpp"

namespace {

using garita::runtime::Document;
using garita::runtime::FileKind;

void require(bool condition) {
    if (!condition) std::abort();
}

void build(const Document& document) {
    garita::runtime::SecretFetcher secrets;
    if (document.kind() == FileKind::hub) {
        const auto config = garita::runtime::build_hub_config(document, secrets);
        require(config.listen.port != 0);
        for (const auto& policy : config.policies)
            require(policy.response.has_value() ||
                    policy.mode != garita::runtime::PolicyConfig::Mode::automatic);
    } else {
        const auto config = garita::runtime::build_agent_config(document, secrets);
        require(!config.name.empty() && config.hub.starts_with("https://"));
        require(config.detectors.http_errors.warning <= config.detectors.http_errors.critical);
    }
    require(!garita::runtime::summary(document).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const Document document = Document::parse(text, "f.yml", garita::runtime::Outside::ignore);
    for (const auto& problem : document.problems()) {
        const std::string line = problem.text("f.yml");
        for (const char c : line)
            require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
    }
    require(document.problems().size() <= 201);
    if (document.fine()) build(document);
    return 0;
}
