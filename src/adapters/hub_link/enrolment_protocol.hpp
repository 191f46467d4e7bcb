#pragma once
// How an agent gets its certificates:
//
//   POST /agent/v1/enrol         a code and a certificate request; no certificate is needed yet
//   POST /agent/v1/certificate   the next certificate, asked for with the one in use
//
// The answer of both may be lost: the same request, with the same key, gets the same certificate again.

#include <string>
#include <string_view>

#include "model/result.hpp"
#include "model/time.hpp"
#include "runtime/secret/secret.hpp"

namespace garita::hub_link {

inline constexpr std::string_view enrol_path = "/agent/v1/enrol";
inline constexpr std::string_view certificate_path = "/agent/v1/certificate";

struct EnrolRequest {
    enum class Kind {
        one_time,    ///< of `garita enroll`
        pre_shared,  ///< of both configurations
    } kind = Kind::one_time;
    runtime::Secret code;
    std::string name;     ///< what the agent calls itself; empty with a one-time code: whoever it is for
    std::string request;  ///< PEM
};

struct EnrolAnswer {
    std::string name;
    std::string certificate;  ///< PEM
    std::string authority;    ///< PEM, who has signed it
    std::string hub_pin;
    std::string order_key;  ///< VerifyingKey: whose orders to follow
    Time issued_at{};
    Time expires_at{};
};

struct NextCertificate {
    std::string certificate;
    Time issued_at{};
    Time expires_at{};
};

[[nodiscard]] std::string encode(const EnrolRequest& request);
[[nodiscard]] Result<EnrolRequest> decode_enrol_request(std::string_view json);
[[nodiscard]] std::string encode(const EnrolAnswer& answer);
[[nodiscard]] Result<EnrolAnswer> decode_enrol_answer(std::string_view json);
/// {"request": PEM}
[[nodiscard]] std::string encode_certificate_request(std::string_view pem);
[[nodiscard]] Result<std::string> decode_certificate_request(std::string_view json);
[[nodiscard]] std::string encode(const NextCertificate& answer);
[[nodiscard]] Result<NextCertificate> decode_next_certificate(std::string_view json);

}  // namespace garita::hub_link
