#include "tcp_server.h"

#include "private_loop.h"

namespace loopdyno {

TcpServer::TcpServer(PrivateLoop* loop, Reads reads) : Handle(loop), reads_(reads) {
  uv_tcp_init(&loop->uv, &tcp_);
  tcp_.data = this;
}

int TcpServer::Listen(const sockaddr_storage& on, int backlog) {
  const int error = uv_tcp_bind(&tcp_, reinterpret_cast<const sockaddr*>(&on), 0);
  if (error != 0) return error;
  return uv_listen(reinterpret_cast<uv_stream_t*>(&tcp_), backlog, OnConnection);
}

Address TcpServer::Local() const {
  sockaddr_storage name{};
  int size = sizeof name;
  uv_tcp_getsockname(&tcp_, reinterpret_cast<sockaddr*>(&name), &size);
  return Address::From(name);
}

void TcpServer::OnConnection(uv_stream_t* server, int error) {
  auto* self = static_cast<TcpServer*>(server->data);
  int32_t accepted = error;
  if (error == 0) {
    auto* stream = new TcpStream(self->loop_, self->reads_);
    error = stream->AcceptFrom(server);
    accepted = error == 0 ? stream->id() : error;
    if (error != 0) stream->Close();
  }
  self->loop_->completions.Add(Op::kAccepted, self->id(), accepted);
}

}  // namespace loopdyno
