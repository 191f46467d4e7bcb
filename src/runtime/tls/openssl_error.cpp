#include "runtime/tls/openssl_error.hpp"

#include <openssl/err.h>

namespace garita::runtime::tls {

std::string take_openssl_error() {
    const unsigned long code = ERR_peek_last_error();
    ERR_clear_error();
    const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    return reason == nullptr ? "no error recorded" : reason;
}

}  // namespace garita::runtime::tls
