#include "programs/hub/person_codes.hpp"

#include <fmt/format.h>

namespace garita::programs {

Result<PersonCodes> PersonCodes::from(const runtime::HubConfig& config) {
    PersonCodes codes;
    for (const auto& [name, secret] : config.totp) {
        auto key = runtime::TotpKey::from_base32(secret.reveal());
        if (!key)
            return fail(ErrorCode::invalid,
                        fmt::format("people.{0}.totp is no base32 secret of at least 128 bits; make one "
                                    "with `garita people totp {0}`",
                                    name));
        codes.keys_.emplace(name, *std::move(key));
    }
    return codes;
}

std::optional<std::int64_t> PersonCodes::step_of(std::string_view person, std::string_view code,
                                                 Time now) const {
    const auto key = keys_.find(person);
    return key == keys_.end() ? std::nullopt : key->second.step_of(code, now);
}

}  // namespace garita::programs
