import { type AddressInfo, connect, createServer } from 'node:net';

/** A wire in front of the collector on which every byte the agent sends is recorded. */
export async function recordedWire(port: number) {
  let bytes: Buffer[] = [];
  const server = createServer((socket) => {
    const onward = connect(port, '127.0.0.1');
    socket.on('data', (chunk: Buffer) => {
      bytes.push(chunk);
      onward.write(chunk);
    });
    onward.pipe(socket);
    socket.on('close', () => onward.destroy());
    for (const end of [socket, onward]) end.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => server.close(),
    /** What was sent since the last time. */
    take() {
      const taken = Buffer.concat(bytes);
      bytes = [];
      return taken;
    },
  };
}
