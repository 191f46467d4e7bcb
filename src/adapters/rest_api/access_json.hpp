#pragma once
// Requests for access, and what stands around them, as the API tells them.

#include <boost/json/value.hpp>

#include "access/monitor.hpp"
#include "decide/catalogue.hpp"
#include "model/access_request.hpp"

namespace garita::rest_api {

/// One or more texts of the catalogue, as access::Answer and AccessRequest::outcome name them, in English.
[[nodiscard]] std::string english(const decide::Catalogue& texts, std::string_view words, const Facts& facts);

/// Without what proves things: codes and journals stay in the store.
[[nodiscard]] boost::json::value access_json(const AccessRequest& request, const decide::Catalogue& texts);
[[nodiscard]] boost::json::value access_json(const AccessLine& line);
[[nodiscard]] boost::json::value access_json(const AccessSurvey& survey);
[[nodiscard]] boost::json::value access_json(const access::AccessStanding& standing);

}  // namespace garita::rest_api
