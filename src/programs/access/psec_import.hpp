#pragma once
// Psec's conf.json, cisco_params.json and sql_params.json as settings of ours.

#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"
#include "runtime/secret/secret.hpp"

namespace garita::programs {

struct NamedText {
    std::string name;  ///< for messages
    std::string text;
};

struct ImportedAccess {
    std::string text;                ///< YAML for the hub's file, without any password
    std::vector<std::string> notes;  ///< what means something else here, and what is left out
    struct Password {
        std::string file;  ///< its name, as `text` has it in `folder`
        runtime::Secret value;
    };
    std::vector<Password> passwords;
};

/// The first is conf.json; what the others are shows by their device_type. `folder`: where `text` says that
/// the passwords are. invalid: what is wrong, with file and key; never shows a password.
[[nodiscard]] Result<ImportedAccess> import_psec(const std::vector<NamedText>& files,
                                                 std::string_view folder);

/// Each in a file of its own that only its owner may read; one that is there already is left as it is, and is
/// the error.
[[nodiscard]] Result<void> write_passwords(const std::vector<ImportedAccess::Password>& passwords,
                                           const std::string& folder);

}  // namespace garita::programs
