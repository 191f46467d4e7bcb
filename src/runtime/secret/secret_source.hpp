#pragma once
// Where a secret of the configuration comes from, and how it is fetched.

#include <string>
#include <string_view>

#include "model/result.hpp"
#include "runtime/secret/secret.hpp"

namespace garita::runtime {

struct SecretSource {
    enum class Place {
        inlined,     ///< written in the configuration itself
        file,        ///< {file: PATH}; one trailing newline is cut
        variable,    ///< {env: NAME}
        credential,  ///< {credential: NAME}, a file of that name in $CREDENTIALS_DIRECTORY
    };
    Place place = Place::inlined;
    std::string name;  ///< path or name; empty for an inlined secret
    Secret value;      ///< of an inlined secret only
};

/// Reads the secret. Errors name the place and the cure, never the value: a file that others may read is
/// refused.
[[nodiscard]] Result<Secret> fetch_secret(const SecretSource& source);

/// "file /etc/garita/token", "environment variable GARITA_TOKEN", …
[[nodiscard]] std::string describe(const SecretSource& source);

}  // namespace garita::runtime
