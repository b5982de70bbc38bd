//! The index maps against an oracle that lists every index.

mod any;
mod block;
mod cyclic;
mod extremes;
mod intersections;
mod layouts;
mod oracle;
mod unstructured;
