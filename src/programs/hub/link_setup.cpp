#include "programs/hub/link_setup.hpp"

#include "decide/people.hpp"
#include "runtime/signing/signing_key.hpp"
#include "runtime/tls/private_file.hpp"

namespace garita::programs {
namespace {

constexpr std::size_t key_bytes = 32;

Result<runtime::Secret> open_key(const std::filesystem::path& file) {
    auto text = runtime::tls::read_small_file(file, 256);
    if (!text && text.error().code != ErrorCode::not_found) return tl::unexpected(text.error());
    if (!text) {
        text = runtime::to_base64url(runtime::random_bytes(key_bytes));
        if (auto written = runtime::tls::write_private_file(file, *text); !written)
            return tl::unexpected(written.error());
    }
    auto key = runtime::from_base64url(*text);
    runtime::wipe(*text);
    if (!key || key->size() != key_bytes)
        return fail(ErrorCode::invalid,
                    file.string() +
                        " is no key of links: remove it, and a new one is made; links that "
                        "were sent are spent then");
    return runtime::Secret(std::move(*key));
}

}  // namespace

Result<std::unique_ptr<decision_links::Links>> open_links(const runtime::HubConfig& config,
                                                          const std::vector<mail::Recipient>& to) {
    if (!config.mail || !config.mail->links) return nullptr;
    auto key = open_key(config.state / "links.key");
    if (!key) return tl::unexpected(key.error());
    decision_links::LinkSettings settings;
    settings.url = config.mail->links->url;
    settings.valid = config.mail->links->valid;
    const decide::People people(config.people);
    for (const auto& one : to)
        if (auto person = people.by_mail(one.address))
            settings.holders.push_back({one.address, std::move(*person), one.language, one.zone});
    return std::make_unique<decision_links::Links>(std::move(*key), std::move(settings));
}

}  // namespace garita::programs
