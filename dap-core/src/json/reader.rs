//! The protocol's keys, one function for each kind of dictionary.

use std::sync::Arc;

use jiter::Peek;

use crate::dtype::{DType, Descr};
use crate::export::{Buffer, DimDict, DistType, Export, Field, Found, Version};
use crate::finding::{Finding, Key, Place};
use crate::json::tokens::{Member, Members, Read, Reader, Stop, number};
use crate::json::{MAX_DEPTH, syntax};
use crate::rules::RuleId;

/// The greatest number of parts of an item type that are read.
const MAX_DESCR: usize = 1 << 19;

impl Reader<'_> {
    pub(super) fn export(mut self) -> Export {
        let mut export = Export::default();
        match self.read_export(&mut export).and_then(|()| Ok(self.jiter.finish()?)) {
            Ok(()) => export.complete = true,
            Err(stop) => self.problems.push(syntax::finding(self.text, self.jiter.current_index(), &stop)),
        }
        export.problems = self.problems;
        export
    }

    fn read_export(&mut self, export: &mut Export) -> Read<()> {
        let peek = self.jiter.peek()?;
        if peek != Peek::Object {
            let finding = self.no_dictionary(peek)?;
            self.problems.push(finding);
            return Ok(());
        }
        let mut members = Members::new(None);
        while let Some(member) = members.next(self)? {
            match member {
                Member { key: Key::Version, peek, .. } => export.version = self.version(peek)?,
                Member { key: Key::Buffer, peek, .. } => export.buffer = self.buffer(peek)?,
                Member { key: Key::DimData, peek, .. } => export.dim_data = self.dim_data(peek)?,
                other => self.unknown(other, &mut export.unknown)?,
            }
        }
        Ok(())
    }

    /// The finding for a document that is no dictionary, with a guess at the intention.
    fn no_dictionary(&mut self, peek: Peek) -> Read<Finding> {
        let finding = Finding::new(RuleId::EXPORT_NOT_A_DICTIONARY, Place::export(Key::Export));
        if peek == Peek::String {
            let text = self.jiter.known_str()?;
            let encoded = text.trim_start().starts_with('{');
            return Ok(finding.with("found", Found::text(text).to_string()).note("encoded", encoded));
        }
        let start = self.jiter.current_index();
        let found = self.describe(peek, 0)?;
        let first = self.text[start..].iter().skip(1).find(|byte| !byte.is_ascii_whitespace());
        let of_exports = matches!(found, Found::List(1..)) && first == Some(&b'{');
        Ok(finding.with("found", found.to_string()).note("list", of_exports))
    }

    fn unknown(&mut self, member: Member, unknown: &mut crate::export::UnknownKeys) -> Read<()> {
        let span = member.span(self.text);
        unknown.add(member.name.as_deref().unwrap_or(member.key.as_str()), span);
        self.skip(member.peek, 1)
    }

    fn version(&mut self, peek: Peek) -> Read<Field<Version>> {
        if peek != Peek::String {
            return self.wrong(peek);
        }
        let text = self.jiter.known_str()?;
        Ok(Version::parse(text).map_or_else(|| Field::Wrong(Box::new(Found::text(text))), Field::Is))
    }

    fn buffer(&mut self, peek: Peek) -> Read<Field<Buffer>> {
        if peek != Peek::Object {
            return self.wrong(peek);
        }
        let mut buffer = Buffer::default();
        let mut members = Members::new(None);
        while let Some(member) = members.next(self)? {
            let peek = member.peek;
            match member.key {
                Key::Dtype => buffer.dtype = self.dtype(peek)?,
                Key::Shape => buffer.shape = self.integers(peek)?,
                Key::Strides => buffer.strides = self.integers(peek)?,
                Key::Data => buffer.data = self.string(peek)?,
                Key::Offset => buffer.offset = self.integer(peek)?,
                _ => self.unknown(member, &mut buffer.unknown)?,
            }
        }
        Ok(Field::Is(buffer))
    }

    fn dtype(&mut self, peek: Peek) -> Read<Field<Result<DType, crate::dtype::DTypeError>>> {
        match peek {
            Peek::String => Ok(Field::Is(DType::parse(self.jiter.known_str()?))),
            Peek::Array | Peek::Object => {
                let mut room = MAX_DESCR;
                Ok(Field::Is(DType::from_descr(&self.descr(peek, 1, &mut room)?)))
            }
            _ => self.wrong(peek),
        }
    }

    /// The fields of a struct, as NumPy's `dtype.descr` lists them, or its dictionary of names,
    /// formats and offsets. `room` is the number of further parts that are kept; a type with a
    /// million fields is refused without them.
    fn descr(&mut self, peek: Peek, depth: usize, room: &mut usize) -> Read<Descr> {
        if depth > MAX_DEPTH {
            return Err(Stop::TooDeep);
        }
        *room = room.saturating_sub(1);
        if *room == 0 {
            self.skip(peek, depth)?;
            return Ok(Descr::Other("too long"));
        }
        Ok(match peek {
            Peek::String => Descr::Text(self.jiter.known_str()?.to_owned()),
            Peek::Array => {
                let mut items = Vec::new();
                let mut next = self.jiter.known_array()?;
                while let Some(peek) = next {
                    let item = self.descr(peek, depth + 1, room)?;
                    if *room > 0 || items.is_empty() {
                        items.push(item);
                    }
                    next = self.jiter.array_step()?;
                }
                Descr::List(items)
            }
            Peek::Object => {
                let mut values = Vec::new();
                let mut members = Members::new(None);
                while let Some(member) = members.next(self)? {
                    let value = self.descr(member.peek, depth + 1, room)?;
                    if *room > 0 {
                        let name = member.name.as_deref().unwrap_or(member.key.as_str());
                        values.push((name.to_owned(), value));
                    }
                }
                Descr::Dict(values)
            }
            _ => match self.describe(peek, depth)? {
                Found::Int(value) => Descr::Int(value),
                Found::Float(_) => Descr::Other("a float"),
                Found::Bool(_) => Descr::Other("a boolean"),
                _ => Descr::Other("null"),
            },
        })
    }

    fn dim_data(&mut self, peek: Peek) -> Read<Field<Vec<Field<DimDict>>>> {
        if peek != Peek::Array {
            return self.wrong(peek);
        }
        let mut dims = Vec::new();
        let mut next = self.jiter.known_array()?;
        while let Some(peek) = next {
            let dim = if peek == Peek::Object { Field::Is(self.dim_dict(dims.len())?) } else { self.wrong(peek)? };
            dims.push(dim);
            next = self.jiter.array_step()?;
        }
        Ok(Field::Is(dims))
    }

    fn dim_dict(&mut self, dim: usize) -> Read<DimDict> {
        let mut dict = DimDict::default();
        let mut members = Members::new(Some(dim));
        while let Some(member) = members.next(self)? {
            let peek = member.peek;
            match member.key {
                Key::DistType => dict.dist_type = self.dist_type(peek)?,
                Key::Size => dict.size = self.integer(peek)?,
                Key::ProcGridSize => dict.proc_grid_size = self.integer(peek)?,
                Key::ProcGridRank => dict.proc_grid_rank = self.integer(peek)?,
                Key::Start => dict.start = self.integer(peek)?,
                Key::Stop => dict.stop = self.integer(peek)?,
                Key::Padding => dict.padding = self.padding(peek)?,
                Key::Periodic => dict.periodic = self.boolean(peek)?,
                Key::BlockSize => dict.block_size = self.integer(peek)?,
                Key::Indices => {
                    dict.indices = match self.integers(peek)? {
                        Field::Is(list) => Field::Is(Arc::from(list)),
                        Field::Missing => Field::Missing,
                        Field::Wrong(found) => Field::Wrong(found),
                    }
                }
                Key::OneToOne => dict.one_to_one = self.boolean(peek)?,
                _ => self.unknown(member, &mut dict.unknown)?,
            }
        }
        Ok(dict)
    }

    fn dist_type(&mut self, peek: Peek) -> Read<Field<DistType>> {
        if peek != Peek::String {
            return self.wrong(peek);
        }
        let text = self.jiter.known_str()?;
        Ok(DistType::from_letter(text).map_or_else(|| Field::Wrong(Box::new(Found::text(text))), Field::Is))
    }

    fn padding(&mut self, peek: Peek) -> Read<Field<[i64; 2]>> {
        Ok(match self.integers(peek)? {
            Field::Is(list) => match <[i64; 2]>::try_from(list) {
                Ok(pair) => Field::Is(pair),
                Err(list) => Field::Wrong(Box::new(Found::List(list.len()))),
            },
            Field::Missing => Field::Missing,
            Field::Wrong(found) => Field::Wrong(found),
        })
    }

    fn integers(&mut self, peek: Peek) -> Read<Field<Vec<i64>>> {
        if peek != Peek::Array {
            return self.wrong(peek);
        }
        let (mut list, mut wrong, mut len) = (Vec::new(), None, 0);
        let mut next = self.jiter.known_array()?;
        while let Some(peek) = next {
            match self.integer(peek)? {
                Field::Is(value) => list.push(value),
                Field::Wrong(found) if wrong.is_none() => wrong = Some((len, found)),
                Field::Missing | Field::Wrong(_) => {}
            }
            len += 1;
            next = self.jiter.array_step()?;
        }
        Ok(match wrong {
            None => Field::Is(list),
            Some((at, found)) => Field::Wrong(Box::new(Found::ListWith(len, at, found))),
        })
    }

    fn integer(&mut self, peek: Peek) -> Read<Field<i64>> {
        if !peek.is_num() {
            return self.wrong(peek);
        }
        let bytes = self.jiter.known_number_bytes(peek)?;
        Ok(match number(bytes) {
            Found::Int(value) => Field::Is(value),
            found => Field::Wrong(Box::new(found)),
        })
    }

    fn boolean(&mut self, peek: Peek) -> Read<Field<bool>> {
        match peek {
            Peek::True | Peek::False => Ok(Field::Is(self.jiter.known_bool(peek)?)),
            _ => self.wrong(peek),
        }
    }

    fn string(&mut self, peek: Peek) -> Read<Field<Box<str>>> {
        if peek != Peek::String {
            return self.wrong(peek);
        }
        Ok(Field::Is(self.jiter.known_str()?.into()))
    }

    fn wrong<T>(&mut self, peek: Peek) -> Read<Field<T>> {
        Ok(Field::Wrong(Box::new(self.describe(peek, 1)?)))
    }
}
