#pragma once
// The one-time codes of the configured people, as the desk asks about them.

#include <map>
#include <string>

#include "decide/step_up.hpp"
#include "model/result.hpp"
#include "runtime/config/hub_config.hpp"
#include "runtime/totp/totp.hpp"

namespace garita::programs {

class PersonCodes final : public decide::CodeBook {
  public:
    /// Fails where a secret is no base32, naming the person.
    [[nodiscard]] static Result<PersonCodes> from(const runtime::HubConfig& config);

    [[nodiscard]] bool knows(std::string_view person) const override { return keys_.contains(person); }
    [[nodiscard]] std::optional<std::int64_t> step_of(std::string_view person, std::string_view code,
                                                      Time now) const override;

  private:
    std::map<std::string, runtime::TotpKey, std::less<>> keys_;
};

}  // namespace garita::programs
