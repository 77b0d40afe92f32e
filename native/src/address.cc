#include "address.h"

namespace loopdyno {

bool Address::Parse(const std::string& host, int port, sockaddr_storage* into) {
  return uv_ip4_addr(host.c_str(), port, reinterpret_cast<sockaddr_in*>(into)) == 0 ||
         uv_ip6_addr(host.c_str(), port, reinterpret_cast<sockaddr_in6*>(into)) == 0;
}

Address Address::From(const sockaddr_storage& from) {
  char text[INET6_ADDRSTRLEN] = "";
  if (from.ss_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&from);
    uv_ip4_name(v4, text, sizeof text);
    return {text, ntohs(v4->sin_port)};
  }
  if (from.ss_family == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&from);
    uv_ip6_name(v6, text, sizeof text);
    return {text, ntohs(v6->sin6_port)};
  }
  return {};
}

}  // namespace loopdyno
