#pragma once
// The certificate a hub makes for itself at its first start. Nobody vouches for it: peers pin its key.

#include <filesystem>
#include <string>
#include <vector>

#include "model/result.hpp"

namespace garita::runtime::tls {

struct KeyPaths {
    std::filesystem::path certificate;  ///< PEM, mode 0600
    std::filesystem::path key;          ///< PEM, mode 0600
};

/// Makes an EC P-256 key and a certificate valid for ten years, naming each of `names` (DNS names or IP
/// addresses) as subject alternative name. Files are written aside and renamed: a reader sees old or new,
/// never half. Replaces what is there. Fails with `invalid` for no or bad names, `io` when a file cannot be
/// written.
[[nodiscard]] Result<void> make_self_signed(const KeyPaths& paths, const std::vector<std::string>& names);

}  // namespace garita::runtime::tls
